/** Streams of a partition: what happened to clients, and what clients said to the business. */
export type StreamName = 'presence' | 'upstream' | 'receipts';

/**
 * What happened to a client, or what it said. A move is no event; the connection it led to has an id of its own.
 * Times are milliseconds since 1970 by the store's clock, but for `gap`, `lost` and `frame`, where the pod's is given.
 */
export type ClientEvent =
  /** `online`/`offline`: first and last connection, after grace. `connected`/`disconnected`: each one. A gap that a plain client cannot be told: `gap`. */
  | {
      readonly type: 'online' | 'offline' | 'connected' | 'disconnected';
      readonly clientId: string;
      readonly connection: string | null;
      readonly shard: number;
      readonly device: string | null;
      readonly at: number;
      readonly reason: string | null;
      readonly metadata?: unknown;
    }
  | {
      readonly type: 'gap';
      readonly clientId: string;
      readonly channel: string | null;
      /** The log still has them: they were skipped by the connection's `drop-oldest`. */
      readonly reason?: 'slow';
      readonly at: number;
    }
  /** Redis was found to have lost everything; each shard that notices says so. About no client: its id is ''. */
  | { readonly type: 'lost'; readonly clientId: ''; readonly at: number }
  | {
      readonly type: 'receipt';
      readonly clientId: string;
      readonly messageId: string;
      readonly from: string | null;
      readonly state: 'delivered' | 'offline';
      readonly at: number;
    }
  | {
      readonly type: 'frame';
      readonly clientId: string;
      readonly connection: string;
      readonly device: string | null;
      readonly id: string;
      readonly data: string;
      readonly format: 'json' | 'text';
      readonly at: number;
      readonly metadata?: unknown;
    };

/** An event as read from its partition's stream. */
export interface StreamItem {
  /** Stream entry id, for `ack`. */
  readonly id: string;
  readonly partition: number;
  readonly event: ClientEvent;
  /** In how many reads of this consumer group it was the oldest unacknowledged one; 1 also for those behind it. */
  readonly attempt: number;
}

/** A lease on one partition of one stream for one consumer group; the token fences a consumer that lost it. */
export interface PartitionLease {
  readonly stream: StreamName;
  readonly group: string;
  readonly partition: number;
  readonly token: number;
}

/** Streams of events, one of each name a partition, kept in order per client. */
export interface EventStore {
  /** @throws `busy` when the stream is full (upstream only; presence and receipts trim their oldest). Same id again: kept once. */
  append(stream: StreamName, event: ClientEvent): Promise<void>;
  /**
   * New ones since now, for every process: polled, and hinted on topic `events` (`<stream> <partition>`). Start with
   * `position: null`; a partition that a position does not name is read from its oldest event. `partitions` looks at those
   * only, as a hint named them; the others stay where they were.
   */
  tail(
    stream: StreamName,
    position: Readonly<Record<number, string>> | null,
    partitions?: readonly number[],
  ): Promise<{ items: StreamItem[]; position: Readonly<Record<number, string>> }>;
  /**
   * Creates the group (from the stream's start) where it is missing, and takes or renews leases so that live consumers share
   * evenly. Returns those held. One that is missing from the answer is above the share: finish its item, then `release` it
   * (it stays good until then, or until `ttlMs` after it was last in an answer).
   */
  lease(stream: StreamName, group: string, consumer: string, ttlMs: number): Promise<PartitionLease[]>;
  /** Oldest unacknowledged first, at most `limit`. [] when the lease is lost. */
  read(lease: PartitionLease, limit: number): Promise<StreamItem[]>;
  /** Also acknowledges all before it. False when the lease was lost (another consumer will see the item). */
  ack(lease: PartitionLease, id: string): Promise<boolean>;
  /** Moves an item that keeps failing to the group's dead-letter stream. */
  deadLetter(lease: PartitionLease, item: StreamItem, error: string): Promise<boolean>;
  deadLetters(stream: StreamName, group: string, limit: number): Promise<{ item: StreamItem; error: string }[]>;
  release(consumer: string, leases: readonly PartitionLease[]): Promise<void>;
  /** A consumer group's waiting items, all partitions. */
  backlog(stream: StreamName, group: string): Promise<number>;
  /**
   * Ends a consumer group and its dead letters, and takes out of `upstream` what only it had not acknowledged. One that nobody
   * reads any more would fill its `upstream` for ever. What no group took stays for the next one.
   */
  forget(stream: StreamName, group: string): Promise<void>;
}
