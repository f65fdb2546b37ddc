import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FlotillaError } from './errors.ts';
import { murmur3 } from './hash.ts';
import { expandSlots } from './slot-runs.ts';
import { homeTable, SLOT_COUNT, slotOf } from './slots.ts';

interface Vectors {
  readonly tables: readonly { shards: number; runs?: number[]; digest: number }[];
  readonly homes: readonly { clientId: string; homes: Record<string, number> }[];
}

function setup(): Vectors {
  return JSON.parse(readFileSync(new URL('../vectors.json', import.meta.url), 'utf8')) as Vectors;
}

const shardCounts = fc.integer({ min: 1, max: 200 });

test('the tables are those of the golden vectors', () => {
  for (const { shards, runs, digest } of setup().tables) {
    const table = homeTable(shards);
    expect(murmur3(table.join(','))).toBe(digest);
    if (runs) expect(table).toEqual(expandSlots(runs));
  }
});

test("clients' homes are those of the golden vectors", () => {
  for (const { clientId, homes } of setup().homes) {
    for (const [shards, home] of Object.entries(homes)) expect(homeTable(Number(shards))[slotOf(clientId)]).toBe(home);
  }
});

test('the load is balanced to one slot for any number of shards', () => {
  fc.assert(
    fc.property(shardCounts, (shards) => {
      const counts = new Array<number>(shards).fill(0);
      for (const shard of homeTable(shards)) counts[shard] = (counts[shard] ?? 0) + 1;
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 40 },
  );
});

test('from N to M shards only the fewest slots move, and none between two shards that stay', () => {
  fc.assert(
    fc.property(shardCounts, shardCounts, (n, m) => {
      const [small, large] = [homeTable(Math.min(n, m)), homeTable(Math.max(n, m))];
      const moved = [...large.keys()].filter((slot) => small[slot] !== large[slot]);
      // Every slot that differs belongs to a shard which the smaller table has not.
      expect(moved.every((slot) => (large[slot] ?? 0) >= Math.min(n, m))).toBe(true);
      const steps = Math.abs(n - m);
      expect(Math.abs(moved.length - (SLOT_COUNT * steps) / Math.max(n, m))).toBeLessThanOrEqual(steps);
    }),
    { numRuns: 40 },
  );
});

test('scale-in is the exact reverse of scale-out, since a table depends on nothing but its size', () => {
  const out = [1, 2, 3, 4, 5, 6].map((shards) => homeTable(shards));
  const back = [6, 5, 4, 3, 2, 1].map((shards) => homeTable(shards)).reverse();
  expect(back).toEqual(out);
});

test('no shard gives an empty table, and more shards than slots leave the rest with none', () => {
  expect(homeTable(0)).toHaveLength(0);
  expect(new Set(homeTable(5_000)).size).toBe(SLOT_COUNT);
});

test.each([-1, 1.5, Number.NaN, 65_537, '3'])('%p shards are refused as bad_options', (shards) => {
  expect(() => homeTable(shards as number)).toThrow(FlotillaError);
  expect(() => homeTable(shards as number)).toThrow(expect.objectContaining({ code: 'bad_options' }));
});
