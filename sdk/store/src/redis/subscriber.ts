import type { Redis } from 'ioredis';

/** What a subscriber needs from outside. */
export interface SubscriberOptions {
  /** A connection that does not yet connect, nor ever again by itself. */
  readonly client: (attempt: number) => Redis;
  /** All channels stand on a new connection. */
  readonly connected: () => void;
  /** The connection is gone; what is published from now on is missed. */
  readonly disconnected: () => void;
  readonly message: (channel: string, text: string) => void;
}

const longestDelayMs = 1_000;

function delayMs(failures: number): number {
  return Math.min(longestDelayMs, 20 * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);
}

/**
 * One connection that holds all subscriptions of a store. When it breaks a new one is made, on a cluster to another node,
 * and every channel is subscribed again before `connected` is called.
 */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #channels = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  #client: Redis | null = null;
  #isConnected = false;
  #isClosed = false;
  #attempt = 0;
  #failures = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: SubscriberOptions) {
    this.#options = options;
  }

  /** Whether all channels stand. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Begins to connect, with these channels from the start; the outcome is told by the callbacks. */
  start(channels: readonly string[]): void {
    for (const channel of channels) this.#channels.add(channel);
    this.#connect();
  }

  /** Resolves once the channel stands. Without a connection that is when one is there again, or when this is closed. */
  async subscribe(channel: string): Promise<void> {
    this.#channels.add(channel);
    // Who asks for a channel that is on its way asks again: replies come in order, so the second one says that it stands.
    if (this.#isConnected) await this.#send('subscribe', channel);
    // What was lost on the way comes with the next connection.
    if (!this.#isConnected && !this.#isClosed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves once the channel is gone. */
  async unsubscribe(channel: string): Promise<void> {
    if (this.#channels.delete(channel) && this.#isConnected) await this.#send('unsubscribe', channel);
  }

  /** Gives up the present connection for a new one, because it is known to carry nothing. */
  renew(): void {
    const client = this.#client;
    if (client !== null && client.status !== 'connecting') client.stream.destroy();
  }

  /** Ends the connection; no callback is called any more. */
  close(): void {
    this.#isClosed = true;
    this.#isConnected = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#client?.disconnect();
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #send(command: 'subscribe' | 'unsubscribe', channel: string): Promise<void> {
    try {
      await this.#client?.[command](channel);
    } catch {
      // The connection is lost; the next one subscribes to what is wanted then.
      this.renew();
    }
  }

  #connect(): void {
    const client = this.#options.client(this.#attempt++);
    this.#client = client;
    client.on('error', () => {});
    client.on('message', (channel: string, text: string) => this.#options.message(channel, text));
    client.once('end', () => this.#ended());
    client.connect().then(
      () => this.#establish(client),
      // `end` follows.
      () => {},
    );
  }

  async #establish(client: Redis): Promise<void> {
    try {
      // Channels may be added while the reply is under way.
      for (let known = new Set<string>(); known.size < this.#channels.size;) {
        const missing = [...this.#channels].filter((channel) => !known.has(channel));
        await client.subscribe(...missing);
        known = new Set([...known, ...missing]);
      }
    } catch {
      client.disconnect();
      return;
    }
    if (this.#isClosed || this.#client !== client || client.status !== 'ready') return;
    this.#failures = 0;
    this.#isConnected = true;
    this.#release();
    this.#options.connected();
  }

  #ended(): void {
    if (this.#isClosed) return;
    const wasConnected = this.#isConnected;
    this.#isConnected = false;
    this.#timer = setTimeout(() => this.#connect(), delayMs(this.#failures++));
    if (wasConnected) this.#options.disconnected();
  }
}
