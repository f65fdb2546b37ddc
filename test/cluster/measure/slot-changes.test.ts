import { describe, expect, it } from '@jest/globals';
import { type CompiledMap, compileMap, homeTable, type ShardState, slotRuns } from '@flotilla-im/protocol';
import { promisedMoves, slotChanges } from './slot-changes.ts';

/** A map of `count` shards where `lent` says who serves a slot in its home's stead. */
function mapOf(count: number, away: readonly number[] = [], lent = (home: number): number => home): CompiledMap {
  const home = homeTable(count);
  const stateOf = (id: number): ShardState => (away.includes(id) ? 'away' : 'up');
  const shards = Array.from({ length: count }, (_, id) => ({ id, url: `ws://s${id}`, state: stateOf(id) }));
  const owner = Array.from(home, lent);
  return compileMap({ schema: 1, compatible: 1, epoch: 1, shards, home: slotRuns(home), owner: slotRuns(owner) });
}

describe('changes of slots', () => {
  it.each([
    [3, 5],
    [5, 3],
    [1, 4],
  ])('are the promised share from %d shards to %d', (before, after) => {
    const { moved, rehomed, unevenness, ...rest } = slotChanges([mapOf(before), mapOf(after)]);
    expect(Math.abs(moved.size - promisedMoves(before, after))).toBeLessThanOrEqual(1);
    expect(rehomed).toBe(moved.size);
    expect(unevenness).toBeLessThanOrEqual(1);
    expect(rest).toEqual({ lentNeedlessly: 0, stillLent: 0 });
  });

  it('include what went and came home again', () => {
    let turn = 0;
    const lent = mapOf(3, [1], (home) => (home === 1 ? (turn++ % 2) * 2 : home));
    const changes = slotChanges([mapOf(3), lent, mapOf(3)]);
    expect(changes.moved.size).toBeCloseTo(4096 / 3, -1);
    expect(changes).toMatchObject({ rehomed: 0, lentNeedlessly: 0, stillLent: 0 });
    expect(changes.unevenness).toBeLessThanOrEqual(2);
  });

  it('show a slot that was lent although its home was there', () => {
    const lent = mapOf(3, [], (home) => (home === 1 ? 2 : home));
    expect(slotChanges([mapOf(3), lent]).lentNeedlessly).toBeGreaterThan(1_000);
  });

  it('show an uneven loan, and one that lasts', () => {
    const lent = mapOf(3, [1], (home) => (home === 1 ? 2 : home));
    const { unevenness, stillLent } = slotChanges([mapOf(3), lent]);
    expect(unevenness).toBeGreaterThan(1_000);
    expect(stillLent).toBeGreaterThan(1_000);
  });
});
