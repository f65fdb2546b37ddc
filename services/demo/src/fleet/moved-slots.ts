import type { MovedSlots } from './fleet-words.ts';

/**
 * What moved between two pictures, by old and new owner, largest first.
 *
 * @param before - owner by slot; empty: nobody served
 * @param after - the same, later
 */
export function movedSlots(before: readonly number[], after: readonly number[]): MovedSlots[] {
  const counts = new Map<string, MovedSlots>();
  for (let slot = 0; slot < Math.max(before.length, after.length); slot += 1) {
    const from = before[slot] ?? null;
    const to = after[slot] ?? null;
    if (from === to) continue;
    const key = `${from} ${to}`;
    counts.set(key, { from, to, slots: (counts.get(key)?.slots ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.slots - a.slots);
}
