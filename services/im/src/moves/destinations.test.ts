import { describe, expect, it } from '@jest/globals';
import { type CompiledMap, compileMap, homeTable, type ShardMap, slotRuns } from '@flotilla-im/protocol';
import type { ShardReport } from '@flotilla-im/store';
import { destinationOf, ownsSlots, slotsOwned, takersOf } from './destinations.ts';

function mapOf(count: number, owner: readonly number[] | null = null, away: readonly number[] = []): CompiledMap {
  const home = slotRuns(homeTable(count));
  const shards = Array.from({ length: count }, (_, id) => ({
    id,
    url: `ws://h/s/${id}`,
    state: away.includes(id) ? ('away' as const) : ('up' as const),
  }));
  return compileMap({ schema: 1, compatible: 1, epoch: 1, shards, home, owner: owner ?? home } satisfies ShardMap);
}

const nothing: ReadonlyMap<number, ShardReport> = new Map();

describe('where a client belongs', () => {
  it('is with the owner of its slot, when that is another shard that takes clients', () => {
    const map = mapOf(2, [0, 2_048, 1, 2_048]);
    const takers = takersOf(map, 0, nothing);
    expect(destinationOf(map, 4_000, 0, takers, false)?.id).toBe(1);
    expect(destinationOf(map, 0, 0, takers, false)).toBeNull();
  });

  it('is here while its owner does not take clients', () => {
    const map = mapOf(2, [1, 4_096], [1]);
    expect(destinationOf(map, 0, 0, takersOf(map, 0, nothing), false)).toBeNull();
  });

  it('is anywhere else when this pod leaves and nobody said who takes over', () => {
    const map = mapOf(3, [0, 4_096]);
    const takers = takersOf(map, 0, nothing);
    const ids = new Set([0, 1, 2, 3].map((slot) => destinationOf(map, slot, 0, takers, true)?.id));
    expect([...ids].sort()).toEqual([1, 2]);
  });

  it('is nowhere when no other shard is left', () => {
    expect(destinationOf(mapOf(1), 0, 0, [], true)).toBeNull();
    expect(destinationOf(null, 0, 0, [], true)).toBeNull();
  });

  it('is not with a shard that says it is leaving, or says nothing, before the map says so', () => {
    const report = (state: ShardReport['state']) => ({ state }) as ShardReport;
    const reports = new Map([
      [1, report('draining')],
      [2, report('up')],
    ]);
    expect(takersOf(mapOf(4), 0, reports).map(({ id }) => id)).toEqual([2]);
  });
});

describe('slots of a shard', () => {
  it('are counted', () => {
    expect(slotsOwned(mapOf(2), 0)).toBe(2_048);
    expect(ownsSlots(mapOf(2), 7)).toBe(false);
    expect(slotsOwned(null, 0)).toBe(0);
  });
});
