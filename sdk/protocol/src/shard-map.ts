/** The map schema that this package writes and reads. */
export const MAP_SCHEMA = 1;

/** What a shard can be asked for: `up` takes connections, `draining` and `away` do not (their slots are lent or gone). */
export type ShardState = 'up' | 'draining' | 'away';

/** One IM pod of the map. */
export interface ShardEntry {
  /** The StatefulSet ordinal. Explicit, since ordinals may start above 0. */
  readonly id: number;
  /** Base address without a trailing slash, for example `wss://im.example/s/0`; `/ws` and `/socket.io/` follow it. */
  readonly url: string;
  readonly state: ShardState;
}

/**
 * Runs of equal values: `[shardId, count, shardId, count, …]`, the counts adding up to 4096. Empty when there is no shard.
 */
export type SlotRuns = readonly number[];

/** The published shard map, schema 1. One writer, and an epoch that only grows. */
export interface ShardMap {
  /** Version of this shape. */
  readonly schema: number;
  /** The oldest schema whose readers can still use this map. */
  readonly compatible: number;
  readonly epoch: number;
  readonly shards: readonly ShardEntry[];
  /** Who a slot belongs to: `table(N)`. */
  readonly home: SlotRuns;
  /** Who serves it now: its home, or a lender while the home is away. */
  readonly owner: SlotRuns;
}
