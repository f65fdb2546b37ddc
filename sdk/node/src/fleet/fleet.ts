import type { ShardState } from '@flotilla-im/protocol';
import type { CallOptions } from '../calls/call-options.ts';

/** One shard as the map and its own reports show it. */
export interface FleetShard {
  readonly shard: number;
  readonly url: string;
  /** What the map says: `up` takes connections. */
  readonly state: ShardState;
  /** What the shard itself reported last; null when no such pod is registered. */
  readonly report: 'starting' | 'up' | 'draining' | null;
  readonly connections: number;
  /** Connections of clients that another shard owns now. */
  readonly guests: number;
  /** Of those: plain WebSocket and Socket.IO connections, which are not moved: they stay until they end by themselves. */
  readonly staying: number;
  /** Messages written to sockets a second, over the last interval; null until two reports were seen. */
  readonly deliveredPerSecond: number | null;
  /** Of 4,096: slots it serves now, and slots that are its own when all shards are present. */
  readonly slotsOwned: number;
  readonly slotsHome: number;
  /** Epoch of the map it serves by; null when no such pod is registered. */
  readonly epoch: number | null;
  /** Version of the shard's software; null when no such pod is registered. */
  readonly version: string | null;
}

/** Slots that changed hands while their old owner still has connections to send after them. Those that stay do not count. */
export interface FleetMove {
  readonly from: number;
  readonly to: number;
  readonly slots: number;
  /** Connections that the old owner has still to send away, of all moves away from it. */
  readonly guests: number;
}

/** All shards at one moment. */
export interface Fleet {
  /** The map's epoch; 0 while none is published. */
  readonly epoch: number;
  readonly shards: readonly FleetShard[];
  readonly connections: number;
  /** Slots served by another shard than their home. */
  readonly slotsLent: number;
  /** Who serves each slot now, in runs: `[shard, count, shard, count, …]` from slot 0 on, 4,096 in all. Empty: nobody serves. */
  readonly slotOwners: readonly number[];
  /** Whose each slot is when all shards are present, in the same runs. Empty: there is no shard. */
  readonly slotHomes: readonly number[];
  /** Moves this process saw begin and that have not ended. */
  readonly moves: readonly FleetMove[];
  /** Milliseconds since 1970 by this process' clock. */
  readonly at: number;
}

/** What is deployed, and how it does. */
export interface FleetView {
  current(options?: CallOptions): Promise<Fleet>;
  /** The first at once, then whenever something changed. Ends with the signal, without an exception; store failures are waited out. */
  changes(options?: {
    readonly signal?: AbortSignal | undefined;
    readonly intervalMs?: number | undefined;
  }): AsyncIterable<Fleet>;
}
