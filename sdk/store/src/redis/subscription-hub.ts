import { randomUUID } from 'node:crypto';
import type { RedisConnection } from './connection.ts';
import { Subscriber } from './subscriber.ts';
import { startHeartbeat } from './subscriber-heartbeat.ts';

/** Called with each text of a channel. */
export type Listener = (text: string) => void;

/** Called when the subscriptions stand on a new connection, and when that is gone. */
export interface ConnectionWatcher {
  readonly connected: () => void;
  readonly disconnected: () => void;
}

/**
 * Who in this process listens to which channel, over one subscription connection, opened with the first listener. It hears
 * itself once a second through the connection for commands; when it does not, it is renewed: a connection can look open
 * and carry nothing (a lost node, a master that Sentinel replaced).
 */
export class SubscriptionHub {
  readonly #connection: RedisConnection;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #watchers = new Set<ConnectionWatcher>();
  readonly #subscriber: Subscriber;
  #stopHeartbeat: (() => void) | null = null;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#subscriber = new Subscriber({
      client: (attempt) => connection.subscriberClient(attempt),
      message: (channel, text) => this.#tell(channel, text),
      connected: () => this.#watchers.forEach((watcher) => watcher.connected()),
      disconnected: () => this.#watchers.forEach((watcher) => watcher.disconnected()),
    });
  }

  /** Resolves once the channel stands; without a connection, once there is one again. */
  async listen(channel: string, listener: Listener): Promise<void> {
    this.#start();
    this.#add(channel, listener);
    await this.#subscriber.subscribe(channel);
  }

  /** Resolves once nothing arrives any more. */
  async leave(channel: string, listener: Listener): Promise<void> {
    const listeners = this.#listeners.get(channel);
    if (listeners?.delete(listener) !== true || listeners.size > 0) return;
    this.#listeners.delete(channel);
    await this.#subscriber.unsubscribe(channel);
  }

  /** Adds a watcher; `connected` is called at once when the connection stands. Returns its end. */
  watch(watcher: ConnectionWatcher): () => void {
    this.#watchers.add(watcher);
    if (this.#subscriber.isConnected) watcher.connected();
    return () => void this.#watchers.delete(watcher);
  }

  /** Ends the connection; nobody is told. */
  close(): void {
    this.#stopHeartbeat?.();
    this.#subscriber.close();
  }

  #tell(channel: string, text: string): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener(text);
  }

  #add(channel: string, listener: Listener): void {
    const known = this.#listeners.get(channel);
    if (known === undefined) this.#listeners.set(channel, new Set([listener]));
    else known.add(listener);
  }

  #start(): void {
    if (this.#stopHeartbeat !== null) return;
    const channel = `${this.#connection.keys.hintChannelPrefix}self:${randomUUID()}`;
    const heartbeat = startHeartbeat({
      send: (text) => this.#connection.command('PUBLISH', channel, text),
      isConnected: () => this.#subscriber.isConnected,
      lost: () => this.#subscriber.renew(),
    });
    this.#stopHeartbeat = heartbeat.stop;
    this.#add(channel, heartbeat.heard);
    this.#subscriber.start([channel]);
  }
}
