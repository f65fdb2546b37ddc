/**
 * The process itself as jest's test environment: no `vm` context, so that Node loads the modules, once a worker, and an
 * `Error` is an `Error` wherever it was made. What jest sets for one file is put back after it.
 */
export class NativeEnvironment {
  readonly global = globalThis;
  readonly fakeTimers = null;
  readonly fakeTimersModern = null;
  readonly moduleMocker = null;
  readonly #console = globalThis.console;
  readonly #exit = Object.getOwnPropertyDescriptor(process, 'exit');

  exportConditions(): string[] {
    return [];
  }

  getVmContext(): null {
    return null;
  }

  setup(): Promise<void> {
    return Promise.resolve();
  }

  teardown(): Promise<void> {
    globalThis.console = this.#console;
    if (this.#exit !== undefined) Object.defineProperty(process, 'exit', this.#exit);
    return Promise.resolve();
  }
}

export { NativeEnvironment as 'module.exports' };
