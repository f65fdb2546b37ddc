import { FlotillaError, type ShardMap } from '@flotilla-im/protocol';
import type { Lease, LeaseObserver } from '@flotilla-im/store';
import type { SharedState } from '../observe/observe.ts';

/** A shared store under a test's control. */
export interface FakeState extends SharedState {
  /** What it holds, to be looked at and changed. */
  mirror: ShardMap | null;
  leaseList: Lease[];
  /** While false every call is rejected, as when Redis is away. */
  isReachable: boolean;
  healthySinceMs: number;
  readonly counts: { published: number; reads: number };
}

/** Refuses older epochs, as the real one does. */
export function createFakeState(): FakeState {
  const state: FakeState = {
    mirror: null,
    leaseList: [],
    isReachable: true,
    healthySinceMs: 0,
    counts: { published: 0, reads: 0 },
    leases: { list: () => reach(() => [...state.leaseList]) },
    map: {
      read: () =>
        reach(() => {
          state.counts.reads += 1;
          return state.mirror;
        }),
      publish: (map) =>
        reach(() => {
          if (state.mirror !== null && state.mirror.epoch > map.epoch) return 'stale';
          state.mirror = map;
          state.counts.published += 1;
          return 'published';
        }),
    },
    health: () => ({ isHealthy: state.isReachable, sinceMs: state.healthySinceMs }),
  };
  const reach = <T>(answer: () => T): Promise<T> =>
    state.isReachable ? Promise.resolve(answer()) : Promise.reject(new FlotillaError('store_unavailable', 'away'));
  return state;
}

/** A lease as a shard would hold it. */
export function leaseOf(shard: number, counter: number, change: Partial<Lease> = {}): Lease {
  const report = { connections: 0, guests: 0, delivered: 0, epoch: 0, pace: 2_000, version: '0', schema: 1 };
  return { shard, incarnation: `s${shard}`, counter, state: 'up', ...report, ...change };
}

/** An observer that does as the port says, without any care for memory. */
export function createFakeObserver(): LeaseObserver {
  const changes = new Map<string, { counter: number; atMs: number }>();
  let healthySinceMs = 0;
  return {
    observe(leases, nowMs, sinceMs) {
      healthySinceMs = sinceMs;
      for (const { incarnation, counter } of leases) {
        if (changes.get(incarnation)?.counter !== counter) changes.set(incarnation, { counter, atMs: nowMs });
      }
    },
    silentForMs: (incarnation, nowMs) => nowMs - Math.max(changes.get(incarnation)?.atMs ?? nowMs, healthySinceMs),
  };
}
