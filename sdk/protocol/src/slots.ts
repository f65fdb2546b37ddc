import { FlotillaError } from './errors.ts';
import { murmur3 } from './hash.ts';

/** How many slots there are. Frozen for ever. */
export const SLOT_COUNT = 4096;

/** The largest shard id, and the largest number of shards a table is made for. */
export const MAX_SHARD_ID = 65_535;

/** The slot of a clientId (or of a channel's name): `murmur3_x86_32(utf8(name)) mod 4096`. */
export function slotOf(name: string): number {
  return murmur3(name) & (SLOT_COUNT - 1);
}

/**
 * Takes `quota` slots from the fullest shards. One at a time from the fullest, among equals the lowest shard first, and
 * of a shard its highest slot. Round after round at the fullest level is the same thing without searching for it.
 */
function takeFromFullest(slotsOfShard: number[][], quota: number): number[] {
  const taken: number[] = [];
  let level = Math.max(...slotsOfShard.map((slots) => slots.length));
  while (taken.length < quota) {
    for (const slots of slotsOfShard) {
      if (slots.length < level || taken.length === quota) continue;
      const slot = slots.pop();
      if (slot !== undefined) taken.push(slot);
    }
    level -= 1;
  }
  return taken.sort((a, b) => a - b);
}

/**
 * Who each slot belongs to among `shardCount` shards: `table[slot]` is an index 0 … shardCount - 1 (the map's builder
 * turns it into a shard id). `table(1)` is all zeros; `table(n + 1)` gives floor(4096 / (n + 1)) slots to shard n, taken
 * one at a time from the fullest shard; among equally full ones the lowest index gives first, and each gives its highest
 * slot. So balance is ± 1 slot, a slot never moves between two shards that stay, and scale-in is the exact reverse of
 * scale-out. Empty for 0 shards. Costs about a millisecond: keep the result.
 *
 * @throws {FlotillaError} bad_options when `shardCount` is no integer in 0 … 65,536.
 */
export function homeTable(shardCount: number): Uint16Array {
  if (!Number.isInteger(shardCount) || shardCount < 0 || shardCount > MAX_SHARD_ID + 1) {
    throw new FlotillaError('bad_options', 'shardCount must be an integer from 0 to 65536');
  }
  if (shardCount === 0) return new Uint16Array(0);
  const slotsOfShard: number[][] = [Array.from({ length: SLOT_COUNT }, (_, slot) => slot)];
  // Beyond 4096 shards there is nothing left to give.
  for (let shards = 1; shards < Math.min(shardCount, SLOT_COUNT); shards++) {
    slotsOfShard.push(takeFromFullest(slotsOfShard, Math.floor(SLOT_COUNT / (shards + 1))));
  }
  const table = new Uint16Array(SLOT_COUNT);
  slotsOfShard.forEach((slots, shard) => {
    for (const slot of slots) table[slot] = shard;
  });
  return table;
}
