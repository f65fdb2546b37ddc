import { parseShardMap, type ShardMap } from '@flotilla-im/protocol';
import { lookAtStore, observe, type Seen, type Sources } from '../observe/observe.ts';
import { type Base, chooseBase } from '../plan/base.ts';
import { withEpoch } from '../plan/epoch.ts';
import type { PlanOptions } from '../plan/options.ts';
import { type Waiting, waitingShards } from '../plan/standing.ts';
import { NO_MEMORY, type Plan, planMap } from '../plan/plan-map.ts';

/** What one pass came to, for whoever reports it. */
export interface PassReport {
  /** The map in force after the pass. */
  readonly map: ShardMap | null;
  /** Whether this pass wrote the map to the authority, and what it replaced. */
  readonly written: { readonly before: ShardMap | null; readonly how: Base['how'] } | null;
  /** Whether this pass gave the store a map, and what the store said. `stale`: it holds a newer one. */
  readonly mirrored: 'published' | 'stale' | null;
  /** How many shards are wanted; null when nobody can say. */
  readonly desired: number | null;
  readonly frozen: Plan['frozen'];
  readonly waiting: readonly Waiting[];
  /** Why the store could not be used; null when it could. */
  readonly storeFailure: unknown;
  /** Why the fleet is not known; null when it is. */
  readonly fleetFailure: unknown;
}

/** One reconciliation: everything observed once, planned purely, then acted on. */
export interface Reconciler {
  /** Null: another operator wrote first, and the pass is to be run again. Rejects when something could not be seen or written. */
  pass(): Promise<PassReport | null>;
  /** Only looks: what one that does not lead does, so that it knows who lives when it comes to lead. */
  look(): Promise<'looked'>;
}

/** What a reconciler works with. */
export interface ReconcilerDeps extends Sources {
  readonly options: PlanOptions;
  /** Two operators that do not share an authority would take the map from each other without end: at most once in this time. */
  readonly takeOverPauseMs: number;
}

/** The memory of a reconciler between passes is that of the planner, and when it last took a map over. */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  let memory = NO_MEMORY;
  let remembered: ShardMap | null = null;
  let tookOverMs = -Infinity;
  return {
    async pass() {
      const seen = await observe(deps);
      const { mirror, heardEpoch } = seen;
      const base = chooseBase({ authority: seen.authority?.map ?? null, mirror, remembered, heardEpoch });
      if (base.how === 'taken_over' && deps.nowMs() - tookOverMs < deps.takeOverPauseMs) return untouched(seen);
      const plan = planMap({ previous: base.map, observation: seen.observation, memory, options: deps.options });
      memory = plan.memory;
      const map = atLeast(plan.map, base.minEpoch);
      const written = await writeWhenNew(deps, seen, map, base);
      if (written === 'conflict') return null;
      if (written !== null && base.how === 'taken_over') tookOverMs = deps.nowMs();
      remembered = map;
      const mirrored = await mirrorWhenBehind(deps, seen, map);
      const waiting = waitingShards(memory.standings, deps.options);
      return { map, written, mirrored, frozen: plan.frozen, waiting, ...told(seen) };
    },
    async look() {
      await lookAtStore(deps);
      return 'looked';
    },
  };
}

function untouched(seen: Seen): PassReport {
  return {
    map: seen.authority?.map ?? null,
    written: null,
    mirrored: 'stale',
    frozen: null,
    waiting: [],
    ...told(seen),
  };
}

function told({ observation, storeFailure, fleetFailure }: Seen) {
  return { desired: observation.desired, storeFailure, fleetFailure };
}

function atLeast(map: ShardMap | null, epoch: number): ShardMap | null {
  return map === null || map.epoch >= epoch ? map : withEpoch(map, epoch);
}

async function writeWhenNew(
  { authority }: ReconcilerDeps,
  seen: Seen,
  map: ShardMap | null,
  { how }: Base,
): Promise<PassReport['written'] | 'conflict'> {
  const before = seen.authority?.map ?? null;
  // An epoch names one content: the same epoch is the same map.
  if (map === null || map.epoch === before?.epoch) return null;
  // What readers could not use must never get out: then the pass fails, and the map in force stays.
  parseShardMap(map);
  const outcome = await authority.write(map, seen.authority?.version ?? null);
  return outcome === 'conflict' ? 'conflict' : { before, how };
}

async function mirrorWhenBehind(
  { store }: ReconcilerDeps,
  seen: Seen,
  map: ShardMap | null,
): Promise<PassReport['mirrored']> {
  if (map === null || !seen.observation.isStoreHealthy) return null;
  if (seen.mirror !== null && seen.mirror.epoch >= map.epoch) return null;
  try {
    return await store.map.publish(map);
  } catch (error) {
    if (store.health().isHealthy) throw error;
    // It went away since it was looked at: the next pass sees that and tells it, and the map follows once it is back.
    return null;
  }
}
