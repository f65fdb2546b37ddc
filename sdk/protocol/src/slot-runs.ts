import { FlotillaError } from './errors.ts';
import type { SlotRuns } from './shard-map.ts';
import { MAX_SHARD_ID, SLOT_COUNT } from './slots.ts';

/**
 * Writes a table (shard id of each slot) as runs. An empty table gives empty runs.
 *
 * @throws {FlotillaError} bad_map when the table has neither 0 nor 4096 entries
 */
export function slotRuns(table: ArrayLike<number>): SlotRuns {
  if (table.length !== 0 && table.length !== SLOT_COUNT)
    throw new FlotillaError('bad_map', 'a table has 4096 slots, or none');
  const runs: number[] = [];
  let start = 0;
  for (let slot = 1; slot <= table.length; slot++) {
    const shard = table[start] ?? 0;
    if (slot < table.length && table[slot] === shard) continue;
    runs.push(shard, slot - start);
    start = slot;
  }
  return runs;
}

const isCount = (value: unknown, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;

/**
 * The shard id of each slot, out of runs; empty for empty runs.
 *
 * @throws {FlotillaError} bad_map when the runs are not pairs of a shard id and a count that add up to 4096
 */
export function expandSlots(runs: SlotRuns): Uint16Array {
  const table = new Uint16Array(runs.length === 0 ? 0 : SLOT_COUNT);
  let filled = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const [shard, count] = [runs[i], runs[i + 1]];
    if (!isCount(shard, MAX_SHARD_ID) || !isCount(count, SLOT_COUNT - filled) || count === 0) {
      throw new FlotillaError('bad_map', 'slot runs are pairs of a shard id and a count that add up to 4096');
    }
    table.fill(shard, filled, filled + count);
    filled += count;
  }
  if (filled !== table.length) throw new FlotillaError('bad_map', 'slot runs must add up to 4096');
  return table;
}
