/** What has been opened, to be closed in the reverse order. */
export class Closers {
  readonly #closers: (() => void | Promise<void>)[] = [];
  #closing: Promise<void> | null = null;

  /** Remembers how to close something; what comes after the close is closed at once. */
  add(close: () => void | Promise<void>): void {
    if (this.#closing === null) this.#closers.push(close);
    else this.#closing = this.#closing.then(close);
  }

  /** Closes everything, the youngest first; a failure does not keep the others open. Once; repeated calls share it. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'could not close everything');
  }
}
