import type { Stage } from './fault.ts';

/** Whoever wrongly counts as silent is lent by then: the operator waits 5 s once Redis is back, and looks each 0.25 s. */
export const LENT_BY_MS = 6_000;

/**
 * While Redis is ill nothing is lent: holds the map and the connections of before against those of after.
 *
 * @param harm - resolves when Redis is well again
 */
export async function holdUnmoved(stage: Stage, harm: () => Promise<void>): Promise<void> {
  const { system, figure, over } = stage;
  const before = await system.shards.map();
  await harm();
  over();
  await stage.until('the map readable again', 20_000, async () => (await system.shards.map()) !== null);
  await stage.wait(LENT_BY_MS);
  const after = await system.shards.map();
  const moved = before === null || after === null ? Infinity : slotsMoved(before.owned, after.owned);
  figure({ name: 'slots lent while Redis was ill', value: moved, most: 0, unit: '' });
  const epochs = (after?.epoch ?? 0) - (before?.epoch ?? 0);
  figure({ name: 'maps written while Redis was ill', value: Math.abs(epochs), most: 0, unit: '' });
}

/** How many slots more some shards own than before. */
export function slotsMoved(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  return [...after].reduce((sum, [shard, slots]) => sum + Math.max(0, slots - (before.get(shard) ?? 0)), 0);
}
