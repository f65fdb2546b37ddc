import { masterClients, type RedisClient } from './client.ts';

/**
 * Gathers the commands of one turn of the event loop into one write a connection. The client's own auto-pipelining
 * would do that too, but it holds the next batch back until the one before it has been answered.
 */
export class WriteCoalescer {
  readonly #client: RedisClient;
  readonly #corked: { uncork(): void }[] = [];
  readonly #release = (): void => {
    for (const stream of this.#corked) stream.uncork();
    this.#corked.length = 0;
  };

  constructor(client: RedisClient) {
    this.#client = client;
  }

  /** Call before sending a command. */
  gather(): void {
    if (this.#corked.length > 0) return;
    for (const { stream, status } of masterClients(this.#client)) {
      if (status !== 'ready') continue;
      stream.cork();
      this.#corked.push(stream);
    }
    // After the poll phase: commands of all sockets read in this turn are in.
    if (this.#corked.length > 0) setImmediate(this.#release);
  }
}
