/** Streams of a partition: what happened to clients, and what clients said to the business. */
export type StreamName = 'presence' | 'upstream' | 'receipts';

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
  | { readonly type: 'gap'; readonly clientId: string; readonly channel: string | null; readonly at: number }
  | { readonly type: 'receipt'; readonly clientId: string; readonly messageId: string; readonly from: string | null; readonly state: 'delivered' | 'offline'; readonly at: number }
  | { readonly type: 'frame'; readonly clientId: string; readonly connection: string; readonly device: string | null; readonly id: string; readonly data: string; readonly format: 'json' | 'text'; readonly at: number; readonly metadata?: unknown };

export interface StreamItem {
  /** Stream entry id, for `ack`. */
  readonly id: string;
  readonly partition: number;
  readonly event: ClientEvent;
  /** 1 for the first delivery in this consumer group. */
  readonly attempt: number;
}

/** A lease on one partition of one stream for one consumer group; the token fences a consumer that lost it. */
export interface PartitionLease {
  readonly stream: StreamName;
  readonly group: string;
  readonly partition: number;
  readonly token: number;
}

export interface EventStore {
  /** @throws `busy` when the stream is full (upstream only; presence and receipts trim their oldest). Same id again: kept once. */
  append(stream: StreamName, event: ClientEvent): Promise<void>;
  /** New ones since now, for every process: polled, and hinted on topic `events`. Start with `position: null`. */
  tail(stream: StreamName, position: Readonly<Record<number, string>> | null): Promise<{ items: StreamItem[]; position: Readonly<Record<number, string>> }>;
  /** Creates the group (from the stream's start) where it is missing, and takes or renews leases so that live consumers share evenly. Returns those held. */
  lease(stream: StreamName, group: string, consumer: string, ttlMs: number): Promise<PartitionLease[]>;
  /** Oldest unacknowledged first, at most `limit`. [] when the lease is lost. */
  read(lease: PartitionLease, limit: number): Promise<StreamItem[]>;
  /** False when the lease was lost (another consumer will see the item). */
  ack(lease: PartitionLease, id: string): Promise<boolean>;
  /** Moves an item that keeps failing to the group's dead-letter stream. */
  deadLetter(lease: PartitionLease, item: StreamItem, error: string): Promise<boolean>;
  deadLetters(stream: StreamName, group: string, limit: number): Promise<{ item: StreamItem; error: string }[]>;
  release(consumer: string, leases: readonly PartitionLease[]): Promise<void>;
  /** A consumer group's waiting items, all partitions. */
  backlog(stream: StreamName, group: string): Promise<number>;
}
