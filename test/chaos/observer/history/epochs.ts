import type { Sample } from '../../journal/record.ts';

/** The sample that is written when a shard map is published, and once a second. */
const EPOCH = 'epoch';

/** When each epoch of the shard map was first seen, ascending. What the run began with counts from when it was first looked at. */
export function epochTimesOf(samples: readonly Sample[]): number[] {
  const first = new Map<number, number>();
  for (const [, tMs, name, epoch] of samples) {
    if (name === EPOCH) first.set(epoch, Math.min(first.get(epoch) ?? Infinity, tMs));
  }
  return [...first.values()].sort((a, b) => a - b);
}
