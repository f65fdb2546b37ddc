import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';

/** The connections of one client's long polling, to be cut: a network that ends a client's connections ends these as well. */
export class HeldPolls extends Agent {
  readonly #open = new Set<Duplex>();

  override createConnection(...args: [ClientRequestArgs, (error: Error | null, stream: Duplex) => void]) {
    const connection = super.createConnection(...args);
    if (connection) {
      this.#open.add(connection);
      connection.once('close', () => this.#open.delete(connection));
    }
    return connection;
  }

  /** Ends them without a word. */
  cut(): void {
    for (const connection of this.#open) connection.destroy();
  }
}
