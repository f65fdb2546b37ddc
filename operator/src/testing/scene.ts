import { expandSlots, type ShardMap } from '@flotilla-im/protocol';
import type { Observation, ShardObservation } from '../plan/observation.ts';
import { PLAN_DEFAULTS } from '../plan/options.ts';
import { NO_MEMORY, type Plan, planMap } from '../plan/plan-map.ts';

/** A shard that serves; tests change what they are about. */
export function servingShard(id: number, change: Partial<ShardObservation> = {}): ShardObservation {
  const url = `ws://127.0.0.1:${9100 + id}/s/${id}`;
  return {
    ...{ id, url, present: true, ready: true, deleting: false, exposed: true, life: null, heartbeat: 'up' },
    ...change,
  };
}

/** So many shards that serve. */
export function servingShards(count: number): ShardObservation[] {
  return Array.from({ length: count }, (_, id) => servingShard(id));
}

/** A planner with its memory, fed one observation after the other. */
export interface Scene {
  /** Plans by this; what is left out: a healthy store, as many shards wanted as there are, no time passed. */
  see(shards: readonly ShardObservation[], rest?: Partial<Observation>): Plan;
  /** The map in force. */
  map(): ShardMap;
  /** Who serves each slot now. */
  owner(): Uint16Array;
  /** A planner that has just started, on the map in force. */
  restart(): void;
}

/** Starts without a map. */
export function createScene(): Scene {
  let previous: ShardMap | null = null;
  let memory = NO_MEMORY;
  const map = (): ShardMap => {
    if (previous === null) throw new Error('no map yet');
    return previous;
  };
  return {
    see(shards, rest = {}) {
      const seen = {
        nowMs: 0,
        isStoreHealthy: true,
        isFleetKnown: true,
        isStoreProven: false,
        isReadinessStale: false,
      };
      const observation = { ...seen, firstId: 0, desired: shards.length, shards, ...rest };
      const plan = planMap({ previous, observation, memory, options: PLAN_DEFAULTS });
      ({ map: previous, memory } = plan);
      return plan;
    },
    map,
    owner: () => expandSlots(map().owner),
    restart: () => (memory = NO_MEMORY),
  };
}

/** The states of a map's shards, by id. */
export function statesOf(map: ShardMap): Record<number, string> {
  return Object.fromEntries(map.shards.map(({ id, state }) => [id, state]));
}
