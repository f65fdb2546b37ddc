import type { Store, Subscription } from '@flotilla-im/store';

/** Hints that a cursor of some client moved past an awaited position. One subscription for a whole instance, made when first needed. */
export class ReceiptHints {
  /** Names this instance to the store; unique. */
  readonly instance: string;
  readonly #store: Pick<Store, 'notify'>;
  readonly #listeners = new Map<string, Set<(clientId: string) => void>>();
  #subscribing: Promise<Subscription | null> | null = null;

  constructor(store: Pick<Store, 'notify'>, instance: string) {
    this.#store = store;
    this.instance = instance;
  }

  /** Listens for some clients; the result ends that. Resolves once hints would arrive, or cannot: polling then has to do. */
  async listen(clientIds: readonly string[], listener: (clientId: string) => void): Promise<() => void> {
    for (const clientId of clientIds) {
      const listeners = this.#listeners.get(clientId) ?? new Set();
      this.#listeners.set(clientId, listeners.add(listener));
    }
    await this.#subscribe();
    return () => {
      for (const clientId of clientIds) this.#remove(clientId, listener);
    };
  }

  async close(): Promise<void> {
    await (await this.#subscribing)?.close();
  }

  #remove(clientId: string, listener: (clientId: string) => void): void {
    const listeners = this.#listeners.get(clientId);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listeners.delete(clientId);
  }

  async #subscribe(): Promise<void> {
    this.#subscribing ??= this.#store.notify
      .subscribeHint(`receipts:${this.instance}`, (clientId) => {
        for (const listener of [...(this.#listeners.get(clientId) ?? [])]) listener(clientId);
      })
      .catch(() => null);
    // A store that fails now is asked again by the next one who waits.
    if ((await this.#subscribing) === null) this.#subscribing = null;
  }
}
