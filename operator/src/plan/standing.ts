import {
  isDoubtful,
  isKnownAway,
  isLeaving,
  isServing,
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
}

/** Standings by shard id. */
export type Standings = ReadonlyMap<number, Standing>;

/** The standing of a shard that has just joined the map. */
export function newStanding(isAway: boolean, nowMs: number): Standing {
  return { isAway, sinceMs: nowMs, backSinceMs: null, crashes: 0 };
}

/**
 * Whether so many shards look away at once, half or more of those that were there, that Redis must be ill and not they.
 * Who is known to be away says nothing about Redis. Who is merely quiet counts: their heartbeats are up to half a second
 * apart, so they do not fall silent at the same moment, and the first one must not be lent before the others are noticed.
 */
export function isStoreSuspect(
  standings: Standings,
  ids: readonly number[],
  observed: ReadonlyMap<number, ShardObservation>,
): boolean {
  const there = ids
    .filter((id) => standings.get(id)?.isAway !== true)
    .map((id) => observed.get(id))
    .filter((shard) => !isKnownAway(shard));
  const doubtful = there.filter(isDoubtful);
  const quiet = there.filter((shard) => !isDoubtful(shard) && shard?.heartbeat === 'quiet');
  return doubtful.length > 0 && (doubtful.length + quiet.length) * 2 >= there.length;
}

/**
 * The standings after an observation, for the shards of the map. A shard known to be away is; one that merely looks so
 * is, unless half or more do (`isStoreSuspect`), then it keeps its standing. One that is back comes home at once, but after
 * repeated crashes only when it has served for its wait.
 */
export function nextStandings(
  standings: Standings,
  ids: readonly number[],
  observation: Observation,
  options: PlanOptions,
): Standings {
  const observed = new Map(observation.shards.map((shard) => [shard.id, shard]));
  const isSuspect = isStoreSuspect(standings, ids, observed);
  const judge = (id: number): Standing => {
    const before = standings.get(id) ?? newStanding(false, observation.nowMs);
    return nextStanding(before, observed.get(id), isSuspect, observation.nowMs, options);
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
  isSuspect: boolean,
  nowMs: number,
  options: PlanOptions,
): Standing {
  const looksAway = isKnownAway(shard) || (isDoubtful(shard) && !isSuspect);
  if (looksAway) return away(before, isLeaving(shard), nowMs);
  if (before.isAway) return isServing(shard) ? back(before, nowMs, options) : before;
  const isForgiven = before.crashes > 0 && nowMs - before.sinceMs >= options.forgetCrashesAfterMs;
  return isForgiven ? { ...before, crashes: 0 } : before;
}

/** A shard that was serving, at home or at home's door, and now is gone without having been asked to go has crashed. */
function away(before: Standing, isPlanned: boolean, nowMs: number): Standing {
  const wasServing = !before.isAway || before.backSinceMs !== null;
  const crashes = before.crashes + (wasServing && !isPlanned ? 1 : 0);
  return { isAway: true, sinceMs: before.isAway ? before.sinceMs : nowMs, backSinceMs: null, crashes };
}

function back(before: Standing, nowMs: number, options: PlanOptions): Standing {
  const backSinceMs = before.backSinceMs ?? nowMs;
  if (nowMs - backSinceMs < returnDelayMs(before.crashes, options)) return { ...before, backSinceMs };
  return { isAway: false, sinceMs: nowMs, backSinceMs: null, crashes: before.crashes };
}
