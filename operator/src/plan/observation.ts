/**
 * What is known of a shard's heartbeat: `up`, `starting` and `draining` are the shard's own words, heard lately;
 * `silent` was not heard for `failoverAfterMs`, `quiet` for half of that; `unproven` is none of these: the observer has
 * not been watching long enough to tell a living shard from what a dead one left.
 */
export type Heartbeat = 'up' | 'starting' | 'draining' | 'quiet' | 'silent' | 'unproven';

/** Which of its lives a shard lives, as whoever runs it counts them. */
export interface Life {
  /** Opaque; another one when its pod was replaced, which somebody asked for. */
  readonly id: string;
  /** How often its process was started again under that id: each time it had ended by itself. */
  readonly starts: number;
}

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
  /** Whether clients can be sent to it: what leads to it from outside is there. */
  readonly exposed: boolean;
  /** Null: nobody counts its lives. */
  readonly life: Life | null;
  readonly heartbeat: Heartbeat;
}

/** Everything the planner may know, seen once, at one moment. */
export interface Observation {
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  /** Whether the observer itself reaches the shared store. While it does not, nothing is planned. */
  readonly isStoreHealthy: boolean;
  /**
   * Whether what is known of the shards is current. While it is not (the API server cannot be reached), nothing is planned
   * either: a map could not be minted, and what looks like a crash may be a scale that was not heard of.
   */
  readonly isFleetKnown: boolean;
  /**
   * Whether Redis is well beyond doubt: some shard's heartbeats were taken by it and read by us, without a gap, during all
   * of the time in which others fell silent and for a good while before. A Redis that restarted, or that the observer lost,
   * is not proven until that time has passed anew; one that takes no writes never is.
   */
  readonly isStoreProven: boolean;
  /**
   * Whether Redis was away so lately that shards which are well may not look ready yet: they are not while they do not hear
   * it, and are found ready again one after the other. Until then not to be ready proves nothing against one that is heard.
   */
  readonly isReadinessStale: boolean;
  /** How many shards are wanted; null: nobody can say, and the map keeps as many as it has. */
  readonly desired: number | null;
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

/** Whether a shard's process is not heard, or says that it only starts: it does not serve, whatever its pod looks like. */
export function isUnheard(shard: ShardObservation | undefined): boolean {
  return shard?.heartbeat === 'silent' || shard?.heartbeat === 'starting';
}

/** Whether a shard looks away without anybody saying so: unheard, or not ready. Half the shards doing so points at Redis. */
export function isDoubtful(
  shard: ShardObservation | undefined,
  { isReadinessStale }: Pick<Observation, 'isReadinessStale'>,
): boolean {
  if (shard === undefined || isKnownAway(shard)) return false;
  return isUnheard(shard) || (!shard.ready && !isReadinessStale);
}
