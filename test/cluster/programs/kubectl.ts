import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { run, type RunOptions } from './run.ts';

/** An object of the API; whoever reads it says what of it. */
export type ApiObject = unknown;

/** A watch that goes on until it is stopped. */
export interface Following {
  stop(): void;
}

const AGAIN_AFTER_MS = 300;

/** `kubectl`, in one namespace. */
export class Kubectl {
  readonly #program: string;
  readonly namespace: string;

  constructor(program: string, namespace: string) {
    this.#program = program;
    this.namespace = namespace;
  }

  /** The same in another namespace. */
  in(namespace: string): Kubectl {
    return new Kubectl(this.#program, namespace);
  }

  /** @throws Error with what kubectl said */
  run(args: readonly string[], options?: RunOptions): Promise<string> {
    return run(this.#program, ['-n', this.namespace, ...args], options);
  }

  /** One object, or a list. @throws Error when it is not there */
  async get(...what: readonly string[]): Promise<ApiObject> {
    return JSON.parse(await this.run(['get', ...what, '-o', 'json']));
  }

  /** Null when it is not there. */
  async find(kind: string, name: string): Promise<ApiObject> {
    const text = await this.run(['get', kind, name, '--ignore-not-found', '-o', 'json']);
    return text === '' ? null : JSON.parse(text);
  }

  async apply(object: ApiObject): Promise<void> {
    await this.run(['apply', '-f', '-'], { input: JSON.stringify(object) });
  }

  /** Gone, or was not there. */
  async delete(kind: string, name: string, ...flags: readonly string[]): Promise<void> {
    await this.run(['delete', kind, name, '--ignore-not-found', ...flags]);
  }

  /** GET of a path of the API server. */
  rawGet(path: string): Promise<string> {
    return run(this.#program, ['get', '--raw', path]);
  }

  /** POST of JSON to a path of the API server. */
  rawPost(path: string, body: unknown): Promise<string> {
    return run(this.#program, ['create', '--raw', path, '-f', '-'], { input: JSON.stringify(body) });
  }

  /** Tells of every change, beginning with what there is; begins anew whenever the API server ends it. */
  follow(path: string, onChange: (type: string, object: ApiObject) => void): Following {
    const ended = new AbortController();
    void (async () => {
      while (!ended.signal.aborted) {
        await this.#followOnce(path, onChange, ended.signal);
        await wait(AGAIN_AFTER_MS, undefined, { ref: false });
      }
    })();
    return { stop: () => ended.abort() };
  }

  #followOnce(path: string, onChange: (type: string, object: ApiObject) => void, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const child = spawn(this.#program, ['get', '--raw', path], { stdio: ['ignore', 'pipe', 'ignore'], signal });
      child.on('error', () => resolve());
      child.on('close', () => resolve());
      createInterface({ input: child.stdout }).on('line', (line) => {
        const { type, object } = JSON.parse(line) as { type: string; object: ApiObject };
        onChange(type, object);
      });
    });
  }
}
