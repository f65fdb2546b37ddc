import { describe, expect, it } from '@jest/globals';
import { type CompiledMap, compileMap, homeTable, slotRuns } from '@flotilla-im/protocol';
import type { ShardReport } from '@flotilla-im/store';
import { Senders } from './senders.ts';

function mapOf(epoch: number, home: readonly number[], owner = home): CompiledMap {
  const shards = [0, 1, 2, 3, 4].map((id) => ({ id, url: `ws://h/s/${id}`, state: 'up' as const }));
  return compileMap({ schema: 1, compatible: 1, epoch, shards, home, owner });
}

/** Reports of shards that know every map, changed. */
function reportsOf(changes: Record<number, Partial<ShardReport>>): ReadonlyMap<number, ShardReport> {
  const usual = { state: 'up', connections: 100, guests: 0, moving: 0, epoch: 9 };
  return new Map(Object.entries(changes).map(([id, change]) => [Number(id), { ...usual, ...change } as ShardReport]));
}

const thirds = [0, 1_366, 1, 1_365, 2, 1_365];
const withoutOne = [0, 2_731, 2, 1_365];
const onlyZero = [0, 4_096];

describe('who shares the pace of a shard', () => {
  it('is everybody that a map takes slots from for it', () => {
    const senders = new Senders();
    senders.mapChanged(mapOf(1, slotRuns(homeTable(3))), mapOf(2, slotRuns(homeTable(5))));
    expect([0, 3, 4].map((shard) => senders.countTo(shard, new Map()))).toEqual([1, 3, 3]);
  });

  it('is as well who has not done yet what an earlier map asked for', () => {
    const senders = twoLeave();
    expect(senders.countTo(0, new Map())).toBe(2);
    expect(senders.countTo(0, reportsOf({ 0: {}, 1: { moving: 7 }, 2: { moving: 7 } }))).toBe(2);
    expect(senders.countTo(0, reportsOf({ 0: {}, 1: { state: 'draining', connections: 7 }, 2: { moving: 7 } }))).toBe(
      2,
    );
  });

  it('is not who has nobody left to send, or is gone', () => {
    expect(twoLeave().countTo(0, reportsOf({ 0: {}, 1: { guests: 7 }, 2: { moving: 7 } }))).toBe(1);
    expect(
      twoLeave().countTo(0, reportsOf({ 0: {}, 1: { state: 'draining', connections: 0 }, 2: { moving: 7 } })),
    ).toBe(1);
    expect(twoLeave().countTo(0, reportsOf({ 0: {}, 2: { moving: 7 } }))).toBe(1);
  });

  it('is who reported before it knew the map', () => {
    expect(twoLeave().countTo(0, reportsOf({ 0: {}, 1: { moving: 7 }, 2: { epoch: 2 } }))).toBe(2);
  });
});

/** Two shards leave, each by a map of its own. */
function twoLeave(): Senders {
  const senders = new Senders();
  senders.mapChanged(mapOf(1, thirds), mapOf(2, thirds, withoutOne));
  senders.mapChanged(mapOf(2, thirds, withoutOne), mapOf(3, thirds, onlyZero));
  return senders;
}
