/** The pod's timers: all of them end with it, and none keeps the process alive. */
export class Timers {
  readonly #timeouts = new Set<NodeJS.Timeout>();
  #isClosed = false;

  /** Runs something once. After `close` it does nothing. */
  after(run: () => void, ms: number): NodeJS.Timeout {
    const timeout = setTimeout(() => {
      this.#timeouts.delete(timeout);
      if (!this.#isClosed) run();
    }, ms);
    timeout.unref();
    if (this.#isClosed) clearTimeout(timeout);
    else this.#timeouts.add(timeout);
    return timeout;
  }

  /** Runs something again and again; a run that is late is not made up for. */
  every(run: () => void, ms: number): void {
    this.after(() => {
      this.every(run, ms);
      run();
    }, ms);
  }

  close(): void {
    this.#isClosed = true;
    for (const timeout of this.#timeouts) clearTimeout(timeout);
    this.#timeouts.clear();
  }
}
