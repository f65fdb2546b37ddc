import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

/** Where the chart is, absolute. */
export const CHART = fileURLToPath(new URL('../../../charts/flotilla', import.meta.url));

const WAIT = ['--wait', '--timeout', '180s'];
const TIMEOUT_MS = 200_000;

/** `helm`, in one namespace. Values go in as they are, over the chart's. */
export class Helm {
  readonly #program: string;
  readonly #namespace: string;

  constructor(program: string, namespace: string) {
    this.#program = program;
    this.#namespace = namespace;
  }

  install(release: string, values: unknown): Promise<string> {
    return this.run(['install', release, CHART, '-f', '-', ...WAIT], values);
  }

  /** @param wait whether to wait until all is ready */
  upgrade(release: string, values: unknown, wait: boolean): Promise<string> {
    return this.run(['upgrade', release, CHART, '-f', '-', ...(wait ? WAIT : [])], values);
  }

  rollback(release: string): Promise<string> {
    return this.run(['rollback', release]);
  }

  test(release: string): Promise<string> {
    return this.run(['test', release, '--timeout', '120s']);
  }

  uninstall(release: string): Promise<string> {
    return this.run(['uninstall', release, '--ignore-not-found', ...WAIT]);
  }

  /** @throws Error with what Helm said */
  run(args: readonly string[], values: unknown = {}): Promise<string> {
    const input = JSON.stringify(values);
    return run(this.#program, [...args, '--namespace', this.#namespace], { input, timeoutMs: TIMEOUT_MS });
  }
}
