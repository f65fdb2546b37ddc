import type { Lease, LeaseStore } from './lease.ts';

/** Shard leases in memory. `now` is any clock in milliseconds. */
export function createMemoryLeaseStore(now: () => number): LeaseStore {
  const leases = new Map<string, Lease>();
  let sweeper: { readonly holder: string; readonly untilMs: number } | null = null;
  return {
    register(shard, incarnation, report) {
      leases.set(incarnation, { ...report, shard, incarnation, counter: 1 });
      return Promise.resolve();
    },
    heartbeat(shard, incarnation, report) {
      const lease = leases.get(incarnation);
      if (lease === undefined) return Promise.resolve('gone');
      leases.set(incarnation, { ...report, shard, incarnation, counter: lease.counter + 1 });
      return Promise.resolve('ok');
    },
    release(incarnation) {
      leases.delete(incarnation);
      return Promise.resolve();
    },
    list: () => Promise.resolve([...leases.values()].sort((a, b) => a.shard - b.shard)),
    holdSweep(holder, ttlMs) {
      if (sweeper !== null && sweeper.holder !== holder && sweeper.untilMs > now()) return Promise.resolve(false);
      sweeper = { holder, untilMs: now() + ttlMs };
      return Promise.resolve(true);
    },
  };
}
