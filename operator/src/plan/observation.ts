/**
 * What is known of a shard's heartbeat: `up`, `starting` and `draining` are the shard's own words, heard lately;
 * `silent` was not heard for `failoverAfterMs`, `quiet` for half of that; `unproven` is none of these: the observer has
 * not been watching long enough to tell a living shard from what a dead one left.
 */
export type Heartbeat = 'up' | 'starting' | 'draining' | 'quiet' | 'silent' | 'unproven';

/** One shard, as seen from outside and by its heartbeat. */
export interface ShardObservation {
  readonly id: number;
  /** Base address, without a trailing slash. */
  readonly url: string;
  /** Whether its process or pod exists. False is certain knowledge: it was seen to end. */
  readonly present: boolean;
  /** Whether it says that it can serve. It cannot while Redis is ill, so false alone proves nothing about the shard. */
  readonly ready: boolean;
  /** Whether somebody asked it to leave: it drains, and its end is no crash. */
  readonly deleting: boolean;
  readonly heartbeat: Heartbeat;
}

/** Everything the planner may know, seen once, at one moment. */
export interface Observation {
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  /** Whether the observer itself reaches the shared store. While it does not, nothing is planned. */
  readonly isStoreHealthy: boolean;
  /** How many shards are wanted. */
  readonly desired: number;
  /** The id of the first shard; ids go up from there without a gap. 0 unless a StatefulSet's ordinals start elsewhere. */
  readonly firstId: number;
  readonly shards: readonly ShardObservation[];
}

/** Whether a shard serves, by all that is known: such a one may join the map or take its slots back. */
export function isServing(shard: ShardObservation | undefined): shard is ShardObservation {
  return shard !== undefined && shard.present && shard.ready && !shard.deleting && shard.heartbeat === 'up';
}

/** Whether a shard is away for certain, by the word of who runs it or by its own; no illness of the store looks like this. */
export function isKnownAway(shard: ShardObservation | undefined): boolean {
  return shard === undefined || !shard.present || isLeaving(shard);
}

/** Whether a shard was asked to leave and is about to. */
export function isLeaving(shard: ShardObservation | undefined): boolean {
  return shard !== undefined && shard.present && (shard.deleting || shard.heartbeat === 'draining');
}

/** Whether a shard looks away without anybody saying so: unheard, or not ready. Half the shards doing so points at Redis. */
export function isDoubtful(shard: ShardObservation | undefined): boolean {
  if (shard === undefined || isKnownAway(shard)) return false;
  return !shard.ready || shard.heartbeat === 'silent' || shard.heartbeat === 'starting';
}
