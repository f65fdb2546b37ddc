import { setTimeout as wait } from 'node:timers/promises';
import { ApiProxy } from './api-proxy.ts';
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
  readonly #api: ApiProxy;
  readonly namespace: string;

  private constructor(program: string, api: ApiProxy, namespace: string) {
    this.#program = program;
    this.#api = api;
    this.namespace = namespace;
  }

  /** For namespace `default`. */
  static async open(program: string): Promise<Kubectl> {
    return new Kubectl(program, await ApiProxy.start(program), 'default');
  }

  /** For all namespaces. */
  close(): void {
    this.#api.close();
  }

  /** The same in another namespace. */
  in(namespace: string): Kubectl {
    return new Kubectl(this.#program, this.#api, namespace);
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

  /** @throws Error when it is there */
  async create(object: ApiObject): Promise<void> {
    await this.run(['create', '-f', '-'], { input: JSON.stringify(object) });
  }

  /** Gone, or was not there. */
  async delete(kind: string, name: string, ...flags: readonly string[]): Promise<void> {
    await this.run(['delete', kind, name, '--ignore-not-found', ...flags]);
  }

  /** Asks for a path of the API server. */
  raw(method: 'GET' | 'POST', path: string): Promise<string> {
    return this.#api.call(method, path);
  }

  /** Tells of every change, beginning with what there is; begins anew whenever the API server ends it. */
  follow(path: string, onChange: (type: string, object: ApiObject) => void): Following {
    const ended = new AbortController();
    void (async () => {
      while (!ended.signal.aborted) {
        const onLine = (line: string): void => {
          const { type, object } = JSON.parse(line) as { type: string; object: ApiObject };
          onChange(type, object);
        };
        await this.#api.lines(path, ended.signal, onLine).catch(() => undefined);
        await wait(AGAIN_AFTER_MS, undefined, { ref: false });
      }
    })();
    return { stop: () => ended.abort() };
  }
}
