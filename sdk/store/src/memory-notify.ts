import type { Notify, NotifyBus, NotifyHandlers, Subscription } from './notify.ts';

/**
 * Publish and subscribe within the process, like over a network: never within the call that publishes, in order, and only
 * to those who were subscribed when it was published.
 */
export class MemoryNotifyBus implements NotifyBus {
  readonly #shards = new Map<number, Set<NotifyHandlers>>();
  readonly #hints = new Map<string, Set<(text: string) => void>>();
  readonly #queue: (() => void)[] = [];

  /** What scripts publish in Redis. */
  publish(shard: number, notify: Notify): void {
    const handlers = this.#shards.get(shard);
    for (const handler of handlers ?? []) {
      this.#later(() => {
        if (handlers?.has(handler) === true) handler.notify(notify);
      });
    }
  }

  /** As `publishHint`, at once. */
  hint(topic: string, text: string): void {
    const handlers = this.#hints.get(topic);
    for (const handler of handlers ?? []) {
      this.#later(() => {
        if (handlers?.has(handler) === true) handler(text);
      });
    }
  }

  subscribe(shard: number, handlers: NotifyHandlers): Promise<Subscription> {
    const own = { ...handlers };
    const close = add(this.#shards, shard, own);
    own.connected();
    return Promise.resolve({ close });
  }

  subscribeHint(topic: string, handler: (text: string) => void): Promise<Subscription> {
    return Promise.resolve({ close: add(this.#hints, topic, (text: string) => handler(text)) });
  }

  publishMany(shard: number, items: Parameters<NotifyBus['publishMany']>[1]): Promise<void> {
    this.publish(shard, { type: 'durable', items });
    return Promise.resolve();
  }

  publishCanary(shard: number, id: string): Promise<void> {
    this.publish(shard, { type: 'canary', id });
    return Promise.resolve();
  }

  publishHint(topic: string, text: string): Promise<void> {
    this.hint(topic, text);
    return Promise.resolve();
  }

  #later(deliver: () => void): void {
    this.#queue.push(deliver);
    if (this.#queue.length === 1) setImmediate(() => this.#drain());
  }

  #drain(): void {
    // What is published by those who hear goes into the next turn.
    for (const deliver of this.#queue.splice(0)) deliver();
  }
}

/** Adds a handler under a name; the result takes it away again. */
function add<K, H>(handlers: Map<K, Set<H>>, name: K, handler: H): () => Promise<void> {
  const known = handlers.get(name) ?? new Set<H>();
  handlers.set(name, known.add(handler));
  return () => {
    known.delete(handler);
    if (known.size === 0 && handlers.get(name) === known) handlers.delete(name);
    return Promise.resolve();
  };
}
