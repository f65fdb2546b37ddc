import type { Fleet, FleetSource } from '../observe/fleet-source.ts';

/** A fleet told by a program in the same process. */
export interface MemoryFleet extends FleetSource {
  /** Replaces it; watchers hear of it at once. */
  set(fleet: Fleet): void;
}

/** Starts with this fleet; by default nothing is wanted and nothing is there. */
export function createMemoryFleet(first: Fleet = { desired: 0, firstId: 0, shards: [] }): MemoryFleet {
  let current = first;
  const watchers = new Set<() => void>();
  return {
    read: () => Promise.resolve(current),
    watch(onChange) {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
    set(fleet) {
      current = fleet;
      for (const onChange of watchers) onChange();
    },
  };
}
