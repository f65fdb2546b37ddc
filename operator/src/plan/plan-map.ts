import { expandSlots, homeTable, MAP_SCHEMA, type ShardEntry, type ShardMap, slotRuns } from '@flotilla-im/protocol';
import { sameContent } from './epoch.ts';
import { assignOwners } from './lend.ts';
import { isKnownAway, type Observation, type ShardObservation } from './observation.ts';
import type { PlanOptions } from './options.ts';
import { type Growth, planShardCount } from './shard-count.ts';
import { doubtOf, newStanding, nextStandings, type Standings } from './standing.ts';

/** What one plan starts from. */
export interface PlanInput {
  /** The map in force; null before the first. */
  readonly previous: ShardMap | null;
  readonly observation: Observation;
  /** What the last plan returned; {@link NO_MEMORY} at the start. Losing it costs only the memory of crashes. */
  readonly memory: Memory;
  readonly options: PlanOptions;
}

/** What a planner remembers from one plan to the next. */
export interface Memory {
  readonly standings: Standings;
  readonly growth: Growth | null;
}

/** The memory of a planner that has just started. */
export const NO_MEMORY: Memory = Object.freeze({ standings: new Map(), growth: null });

/** Why nothing changes, or nobody is lent on suspicion; see {@link Plan.frozen}. */
export type Frozen = 'store_unreachable' | 'fleet_unknown' | 'half_away';

/** What one plan came to. */
export interface Plan {
  /** The map that is to be in force: the previous one itself when nothing changes. Null only when there was none and the store is unreachable. */
  readonly map: ShardMap | null;
  readonly memory: Memory;
  /**
   * Why nothing changes: the observer cannot reach the store, or does not know the fleet; or why nobody is lent on
   * suspicion: half or more of the shards look away, and it may be the store that is ill.
   */
  readonly frozen: Frozen | null;
}

/** Plans the map: pure, from what was observed to what is to be. The epoch is one more than the last when anything changes. */
export function planMap({ previous, observation, memory, options }: PlanInput): Plan {
  if (!observation.isStoreHealthy) return { map: previous, memory, frozen: 'store_unreachable' };
  if (!observation.isFleetKnown) return { map: previous, memory, frozen: 'fleet_unknown' };
  const observed = new Map(observation.shards.map((shard) => [shard.id, shard]));
  const homes = homesOf(previous);
  const { count, growth } = planShardCount(heldOf(homes, observation), observation, memory.growth, options);
  const ids = observation.desired === null ? homes : range(observation.firstId, count);
  const before = recall(previous, memory.standings, observation.nowMs);
  const standings = nextStandings(before, ids, observation, options);
  const map = buildMap(previous, ids, standings, observed);
  const frozen = doubtOf(before, ids, observation).isSettled ? null : 'half_away';
  return { map, memory: { standings, growth }, frozen };
}

/** The shards that have slots of their own in a map, in order. */
function homesOf(map: ShardMap | null): number[] {
  return [...new Set((map?.home ?? []).filter((_, i) => i % 2 === 0))].sort((a, b) => a - b);
}

/**
 * How many of the shards that are wanted the map has already, from the first one on. When ordinals come to start elsewhere,
 * the others have to join anew: the map must not name a shard whose address nobody knows.
 */
function heldOf(homes: readonly number[], { desired, firstId }: Observation): number {
  if (desired === null) return homes.length;
  let held = 0;
  while (homes.includes(firstId + held)) held += 1;
  return held;
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Standings for shards that a new planner has none of: as the map in force has them, without crashes. */
function recall(previous: ShardMap | null, standings: Standings, nowMs: number): Standings {
  const homes = new Set(homesOf(previous));
  const inTable = (previous?.shards ?? []).filter(({ id }) => homes.has(id));
  return new Map([...inTable.map(({ id, state }) => [id, newStanding(state !== 'up', nowMs)] as const), ...standings]);
}

function buildMap(
  previous: ShardMap | null,
  ids: readonly number[],
  standings: Standings,
  observed: ReadonlyMap<number, ShardObservation>,
): ShardMap {
  const home = homeTable(ids.length).map((index) => ids[index] ?? 0);
  const present = new Set(ids.filter((id) => standings.get(id)?.isAway === false));
  const owner = assignOwners({ home, owner: expandSlots(previous?.owner ?? []), present });
  const map: ShardMap = {
    schema: MAP_SCHEMA,
    compatible: MAP_SCHEMA,
    epoch: (previous?.epoch ?? 0) + 1,
    shards: [...tableEntries(previous, ids, standings, observed), ...leavingEntries(previous, ids, observed)],
    home: slotRuns(home),
    owner: slotRuns(owner),
  };
  return previous !== null && sameContent(previous, map) ? previous : map;
}

function tableEntries(
  previous: ShardMap | null,
  ids: readonly number[],
  standings: Standings,
  observed: ReadonlyMap<number, ShardObservation>,
): ShardEntry[] {
  const known = new Map((previous?.shards ?? []).map((shard) => [shard.id, shard.url]));
  return ids.map((id) => {
    const shard = observed.get(id);
    const url = shard?.url ?? known.get(id) ?? '';
    if (standings.get(id)?.isAway !== true) return { id, url, state: 'up' };
    return { id, url, state: shard?.present === true && isKnownAway(shard) ? 'draining' : 'away' };
  });
}

/** Shards that have left the table but still hold connections: listed until they are gone, so that they can be found. */
function leavingEntries(
  previous: ShardMap | null,
  ids: readonly number[],
  observed: ReadonlyMap<number, ShardObservation>,
): ShardEntry[] {
  const table = new Set(ids);
  return (previous?.shards ?? [])
    .filter(({ id }) => !table.has(id) && observed.get(id)?.present === true)
    .map(({ id, url }) => ({ id, url: observed.get(id)?.url ?? url, state: 'draining' }));
}
