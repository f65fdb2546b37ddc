import type { Position } from '@flotilla-im/protocol';
import type { Durability } from './durability.ts';
import type { EncodedEntry, LogEntry } from './entry.ts';

/** The inbox of a client, or the log of a channel. */
export interface LogKey {
  readonly kind: 'inbox' | 'channel';
  /** clientId or channel name. */
  readonly id: string;
}

/** One life of the master that gave out offsets of a log. */
export interface Generation {
  readonly generation: string;
  /** First offset it gave out. Its end is the next one's `first` - 1, or the log's last offset. */
  readonly first: number;
}

/** What is known of a log without reading its entries. */
export interface LogMeta {
  /** Oldest first; empty for a log that never had a message. */
  readonly generations: readonly Generation[];
  /** Last offset given out; 0 when none. */
  readonly last: number;
  /** Offset of the oldest retained entry; `last + 1` when none is retained. */
  readonly head: number;
  /** The life of the log's partition: the generation of its start. */
  readonly life: string;
}

/** One durable append. */
export interface Append {
  readonly log: LogKey;
  readonly entry: EncodedEntry;
  /** `publish`: notify in the script (one receiver). `return`: hand back the routes (the caller sends one notify a shard). */
  readonly notify: 'publish' | 'return';
  /** The application's idempotency key, scoped to (from, log), kept 10 minutes. */
  readonly key?: string;
  /** Set on every attempt but the first: looks for the entry's message id in the log before appending. */
  readonly isRetry?: boolean;
  /** Asks for a receipt event in the partition's event stream when a cursor passes it, or when the receiver is offline now. */
  readonly receipt?: boolean;
}

/** A shard that must hear of an append, and its tail number for that partition after it. */
export interface Route {
  readonly shard: number;
  readonly tail: number;
}

/** What became of an append. */
export interface Appended {
  /** `duplicate`: the key (same content) or the message id was there already; position and message id are the first one's. */
  readonly outcome: 'appended' | 'duplicate';
  readonly position: Position;
  readonly messageId: string;
  /** Milliseconds since 1970 by the store's clock. */
  readonly at: number;
  /** The life of the master that took or found it, see `masterOf`. */
  readonly master: string;
  /** Whether a connection of the receiver was registered at that moment (for a channel: whether any shard is interested). */
  readonly online: boolean;
  /** Only with `notify: 'return'`. */
  readonly routes: readonly Route[];
}

/** What the store has counted for a shard, by partition. */
export interface Tails {
  readonly numbers: readonly number[];
  /** What tells a partition from the one that it was before it lost everything. */
  readonly lives: readonly string[];
}

/** What a read from a position found. */
export interface LogSlice {
  readonly meta: LogMeta;
  /** In order, offsets ascending, the first one after `start`. */
  readonly entries: readonly LogEntry[];
  /** Where the slice starts (exclusive): `after`, or what replaces it when that is not to be had. */
  readonly start: Position;
  /** False when `after` is unknown, beyond its generation's end, or older than the retained head. */
  readonly recovered: boolean;
}

/** Durable logs. Every method rejects with `FlotillaError` (`store_unavailable`, retryable) when the store cannot be reached. */
export interface LogStore {
  /** @throws `key_conflict` when the key was used with other content. */
  append(append: Append): Promise<Appended>;
  /**
   * Resolves once what an append wrote, or found, is where it must be; null where a store has no such place. By then others
   * may have read it.
   *
   * @param master - as the append said
   * @throws `unconfirmed` when it is not so within `timeoutMs`; `store_unavailable` when it cannot be known: the master is
   * another one or out of reach, append again as a retry; `store_unsupported` when this Redis cannot confirm that
   */
  readonly confirm: ((log: LogKey, master: string, durability: Durability) => Promise<void>) | null;
  /** One publish to the shards that hold the receiver's connections (or members); at most once. Resolves to whether any was named. */
  publishLive(log: LogKey, entry: EncodedEntry): Promise<boolean>;
  /** `after: null` reads from the retained head. At most `limit` entries (default 256) and about `maxBytes` (default 1 MiB), at least one. */
  read(log: LogKey, after: Position | null, options?: { limit?: number; maxBytes?: number }): Promise<LogSlice>;
  /** Without entries. */
  meta(log: LogKey): Promise<LogMeta>;
  /** The 256 tail numbers of a shard and the partitions' lives, by partition, in one pipeline per Redis node. */
  tails(shard: number): Promise<Tails>;
  /**
   * The lives of the 256 partitions' masters, in one command per Redis node: what generations given out now begin with
   * (`masterOf`). '' where it is not to be had. A life that changed may have lost what was written before.
   */
  masters(): Promise<readonly string[]>;
}
