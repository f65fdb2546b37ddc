import {
  isDoubtful,
  isKnownAway,
  isLeaving,
  isServing,
  isUnheard,
  type Life,
  type Observation,
  type ShardObservation,
} from './observation.ts';
import { type PlanOptions, returnDelayMs } from './options.ts';

/** What the planner holds of one shard of the map from one plan to the next. */
export interface Standing {
  readonly isAway: boolean;
  /** Since when it is home, or away; monotonic milliseconds. */
  readonly sinceMs: number;
  /** Since when a shard that is away serves again without a break; null while it does not. */
  readonly backSinceMs: number | null;
  /** Crashes that are not forgotten. Planned leaves never count. */
  readonly crashes: number;
  /** The life that it served in last; null while nobody counts them. */
  readonly life: Life | null;
}

/** Standings by shard id. */
export type Standings = ReadonlyMap<number, Standing>;

/** The standing of a shard that has just joined the map. */
export function newStanding(isAway: boolean, nowMs: number): Standing {
  return { isAway, sinceMs: nowMs, backSinceMs: null, crashes: 0, life: null };
}

/** How far looks may be trusted in one observation. */
export interface Doubt {
  /** Half or more of the shards that were there look away at once: it may be Redis that is ill, and not they. */
  readonly isHalf: boolean;
  /** It is they: Redis is well beyond doubt, and nobody is about to fall silent whom one had to wait for. */
  readonly isSettled: boolean;
}

/**
 * How far looks may be trusted. When half or more of those that were there look away at once, Redis is the likelier cause,
 * unless it is proven to be well. Who is known to be away says nothing about Redis. Who is merely quiet counts: heartbeats
 * are up to half a second apart, so shards do not fall silent at the same moment; the first one must not be lent before the
 * others are noticed, and of a lost machine all are lent in one map.
 */
export function doubtOf(
  standings: Standings,
  ids: readonly number[],
  observation: Pick<Observation, 'shards' | 'isStoreProven' | 'isReadinessStale'>,
): Doubt {
  const observed = new Map(observation.shards.map((shard) => [shard.id, shard]));
  const there = ids
    .filter((id) => standings.get(id)?.isAway !== true)
    .filter((id) => !isGone(standings.get(id), observed.get(id)))
    .map((id) => observed.get(id));
  const doubtful = there.filter((shard) => isDoubtful(shard, observation));
  const quiet = there.filter((shard) => !isDoubtful(shard, observation) && shard?.heartbeat === 'quiet');
  const isHalf = doubtful.length > 0 && (doubtful.length + quiet.length) * 2 >= there.length;
  return { isHalf, isSettled: !isHalf || (observation.isStoreProven && quiet.length === 0) };
}

/**
 * The standings after an observation, for the shards of the map. A shard known to be away is; one that merely looks so
 * is as well, unless half or more do ({@link doubtOf}): then it keeps its standing, or, when Redis is proven to be well, is
 * away if it is not heard. One that is back comes home at once, but after repeated crashes only when it has served for its
 * wait.
 */
export function nextStandings(
  standings: Standings,
  ids: readonly number[],
  observation: Observation,
  options: PlanOptions,
): Standings {
  const observed = new Map(observation.shards.map((shard) => [shard.id, shard]));
  const doubt = doubtOf(standings, ids, observation);
  const judge = (id: number): Standing => {
    const before = standings.get(id) ?? newStanding(false, observation.nowMs);
    return nextStanding(before, observed.get(id), doubt, observation, options);
  };
  return new Map(ids.map((id) => [id, judge(id)]));
}

/** A shard that serves again and waits, because it crashed repeatedly, until its slots come home. */
export interface Waiting {
  readonly shard: number;
  readonly crashes: number;
  /** The whole wait, milliseconds. */
  readonly waitMs: number;
}

/** Who waits at home's door. */
export function waitingShards(standings: Standings, options: PlanOptions): Waiting[] {
  const isWaiting = ({ backSinceMs }: Standing): boolean => backSinceMs !== null;
  return [...standings]
    .filter(([, standing]) => isWaiting(standing))
    .map(([shard, { crashes }]) => ({ shard, crashes, waitMs: returnDelayMs(crashes, options) }));
}

function nextStanding(
  before: Standing,
  shard: ShardObservation | undefined,
  doubt: Doubt,
  observation: Observation,
  options: PlanOptions,
): Standing {
  const { nowMs } = observation;
  const life = (isServing(shard) ? shard.life : null) ?? before.life ?? shard?.life ?? null;
  const isTrusted = !doubt.isHalf || (doubt.isSettled && isUnheard(shard));
  if (isGone(before, shard) || (isDoubtful(shard, observation) && isTrusted)) {
    return { ...away(before, isLeaving(shard) || isReplaced(before, shard), nowMs), life };
  }
  if (before.isAway) return { ...(isServing(shard) ? back(before, nowMs, options) : before), life };
  const isForgiven = before.crashes > 0 && nowMs - before.sinceMs >= options.forgetCrashesAfterMs;
  return { ...before, crashes: isForgiven ? 0 : before.crashes, life };
}

/** Whether a shard is away for certain: by somebody's word, or because the life it served in has ended. */
function isGone(before: Standing | undefined, shard: ShardObservation | undefined): boolean {
  if (isKnownAway(shard)) return true;
  return isReplaced(before, shard) || (hasEnded(before, shard) && !isServing(shard));
}

/** Whether another pod is in its place that does not serve yet: somebody deleted the one it served in. */
function isReplaced(before: Standing | undefined, shard: ShardObservation | undefined): boolean {
  return hasEnded(before, shard) && shard?.life?.id !== before?.life?.id && !isServing(shard);
}

function hasEnded(before: Standing | undefined, shard: ShardObservation | undefined): boolean {
  const [had, has] = [before?.life ?? null, shard?.life ?? null];
  return had !== null && has !== null && (had.id !== has.id || had.starts !== has.starts);
}

/** A shard that was serving, at home or at home's door, and now is gone without having been asked to go has crashed. */
function away(before: Standing, isPlanned: boolean, nowMs: number): Standing {
  const wasServing = !before.isAway || before.backSinceMs !== null;
  const crashes = before.crashes + (wasServing && !isPlanned ? 1 : 0);
  return { ...before, isAway: true, sinceMs: before.isAway ? before.sinceMs : nowMs, backSinceMs: null, crashes };
}

function back(before: Standing, nowMs: number, options: PlanOptions): Standing {
  const backSinceMs = before.backSinceMs ?? nowMs;
  if (nowMs - backSinceMs < returnDelayMs(before.crashes, options)) return { ...before, backSinceMs };
  return { ...before, isAway: false, sinceMs: nowMs, backSinceMs: null };
}
