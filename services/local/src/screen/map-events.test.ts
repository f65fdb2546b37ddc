import { describe, expect, test } from '@jest/globals';
import { homeTable, type ShardMap, type ShardState, slotRuns } from '@flotilla-im/protocol';
import { describeChange } from './map-events.ts';

/** A map of so many shards; a shard that is not up has lent everything to the lenders in turn. */
function mapOf(
  count: number,
  states: Readonly<Record<number, ShardState>> = {},
  lenders: readonly number[] = [],
): ShardMap {
  const home = homeTable(count);
  const isUp = (id: number): boolean => (states[id] ?? 'up') === 'up';
  const owner = home.map((id, slot) => (isUp(id) || lenders.length === 0 ? id : lenders[slot % lenders.length]!));
  const shards = Array.from({ length: count }, (_, id) => ({ id, url: `ws://h/s/${id}`, state: states[id] ?? 'up' }));
  return { schema: 1, compatible: 1, epoch: 1, shards, home: slotRuns(home), owner: slotRuns(owner) };
}

describe('what a change of the map is told as', () => {
  test('scaling', () => {
    expect(describeChange(mapOf(3), mapOf(5))).toEqual(['3 → 5 shards: 1639 slots moved (40.0 %).']);
  });

  test('a shard that leaves, and one that is back', () => {
    const away = mapOf(4, { 1: 'draining' }, [0, 2, 3]);
    expect(describeChange(mapOf(4), away)).toEqual(['Shard 1 is leaving: its 1024 slots are lent to shards 0, 2, 3.']);
    expect(describeChange(away, mapOf(4))).toEqual(['Shard 1 has its 1024 slots back.']);
  });

  test('a shard that is away with nobody to lend to', () => {
    expect(describeChange(mapOf(1), mapOf(1, { 0: 'away' }))).toEqual([
      'Shard 0 is away, and nobody is there to lend its 4096 slots to.',
    ]);
  });

  test('the step from leaving to away is no news', () => {
    expect(describeChange(mapOf(3, { 1: 'draining' }, [0, 2]), mapOf(3, { 1: 'away' }, [0, 2]))).toEqual([]);
  });

  test('the first map is no news', () => {
    expect(describeChange(null, mapOf(3))).toEqual([]);
  });
});
