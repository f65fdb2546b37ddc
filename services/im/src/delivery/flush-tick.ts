import type { LogView } from './log-view.ts';

/** A connection with something queued. */
export interface Flushable {
  /** Writes what is queued, in one write. */
  flush(): void;
}

/**
 * Gathers what a turn of the event loop brings and writes it once: first each log's new messages are queued on its
 * followers, then each connection is flushed. So sixteen notifies that were read from one socket buffer are one write a
 * connection.
 */
export class FlushTick {
  readonly #defer: (run: () => void) => void;
  #views: LogView[] = [];
  #connections: Flushable[] = [];
  #isDue = false;

  /** @param defer - runs something once this turn of the event loop is over, `setImmediate` */
  constructor(defer: (run: () => void) => void) {
    this.#defer = defer;
  }

  /** The log has messages to give out. */
  addView(view: LogView): void {
    if (view.isDirty || !view.hasPending) return;
    view.isDirty = true;
    this.#views.push(view);
    this.#schedule();
  }

  /** The connection has something queued; called once until it is flushed. */
  addConnection(connection: Flushable): void {
    this.#connections.push(connection);
    this.#schedule();
  }

  /** Writes everything now. */
  run(): void {
    this.#isDue = false;
    const views = this.#views;
    this.#views = [];
    for (const view of views) {
      view.isDirty = false;
      view.flush();
    }
    const connections = this.#connections;
    this.#connections = [];
    for (const connection of connections) connection.flush();
  }

  #schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#defer(() => {
      if (this.#isDue) this.run();
    });
  }
}
