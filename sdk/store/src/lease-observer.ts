import type { LeaseObserver } from './lease.ts';

interface Sight {
  counter: number;
  /** When the counter was last seen to change, or first seen. */
  changedAtMs: number;
}

/**
 * Judges leases by what it saw itself. All times are of one monotonic clock of the caller's. What could not be seen does
 * not count: silence starts at the earliest when the observer's own connection to the store became healthy, it lasts until
 * the last look, and an incarnation that is gone from the list is forgotten.
 */
export function createLeaseObserver(): LeaseObserver {
  const sights = new Map<string, Sight>();
  let healthySinceMs = Number.NEGATIVE_INFINITY;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  return {
    observe(leases, nowMs, storeHealthySinceMs) {
      healthySinceMs = storeHealthySinceMs;
      lookedAtMs = nowMs;
      const present = new Set(leases.map(({ incarnation }) => incarnation));
      for (const incarnation of sights.keys()) if (!present.has(incarnation)) sights.delete(incarnation);
      for (const { incarnation, counter } of leases) {
        const sight = sights.get(incarnation);
        if (sight === undefined) sights.set(incarnation, { counter, changedAtMs: nowMs });
        else if (sight.counter !== counter) Object.assign(sight, { counter, changedAtMs: nowMs });
      }
    },
    silentForMs(incarnation, nowMs) {
      const sight = sights.get(incarnation);
      if (sight === undefined) return 0;
      return Math.max(0, Math.min(nowMs, lookedAtMs) - Math.max(sight.changedAtMs, healthySinceMs));
    },
  };
}
