import type { LogEntry } from './entry.ts';
import type { LogKey } from './log.ts';

/** One log's part in a notify. */
export interface Notified {
  readonly partition: number;
  /** The shard's tail number in that partition; numbers, not arrivals, are compared. */
  readonly tail: number;
  readonly log: LogKey;
  readonly entry: LogEntry;
}

/** What a shard hears on its one subscription. */
export type Notify =
  | { readonly type: 'durable'; readonly items: readonly Notified[] }
  | { readonly type: 'live'; readonly log: LogKey; readonly entry: LogEntry }
  /** Something about a client changed (membership, revocation, disconnect, grants): reread it with `PresenceStore.refresh`. */
  | { readonly type: 'client'; readonly partition: number; readonly tail: number; readonly clientId: string }
  | { readonly type: 'canary'; readonly id: string };

/** Delivery path to one shard. */
export interface Subscription {
  /** Ends it; resolves when no handler runs any more. */
  close(): Promise<void>;
}

/** What a shard does with what it hears. The callbacks must not throw. */
export interface NotifyHandlers {
  readonly notify: (notify: Notify) => void;
  /** Something came that cannot be read. If a sender meant it, its tail is missing, so the log will be read. */
  readonly unreadable?: () => void;
  /** The subscription (again) stands on a new connection: reread all tails, re-assert presence. */
  readonly connected: () => void;
  readonly disconnected: () => void;
}

/** Publish and subscribe between senders and shards. */
export interface NotifyBus {
  /** Resolves once the subscription stands; while the store cannot be reached, once it can again, or is closed. */
  subscribe(shard: number, handlers: NotifyHandlers): Promise<Subscription>;
  /** The one notify a shard gets of a send to many receivers; the payload travels once. */
  publishMany(shard: number, items: readonly Notified[]): Promise<void>;
  /** Through a connection other than the subscription's; comes back as `{type: 'canary', id}`. */
  publishCanary(shard: number, id: string): Promise<void>;
  /** Hint channels for things that are also polled (`map`, `events`, `receipts:<instance>`). */
  publishHint(topic: string, text: string): Promise<void>;
  /** Resolves as `subscribe` does. */
  subscribeHint(topic: string, handler: (text: string) => void): Promise<Subscription>;
}
