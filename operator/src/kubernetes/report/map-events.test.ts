import { describe, expect, test } from '@jest/globals';
import type { PassReport } from '../../act/reconcile.ts';
import type { ShardObservation } from '../../plan/observation.ts';
import { createScene, servingShard, servingShards } from '../../testing/scene.ts';
import { createFailureTeller } from './failure-teller.ts';
import { eventsOf } from './map-events.ts';

const quiet = {
  mirrored: null,
  desired: 3,
  frozen: null,
  waiting: [],
  storeFailure: null,
  fleetFailure: null,
} as const;

/** What a map tells that followed three shards that are up. */
function told(shards: readonly ShardObservation[], desired = 3): string[] {
  const scene = createScene();
  scene.see(servingShards(3));
  const before = scene.map();
  scene.see(shards, { desired });
  const report: PassReport = { ...quiet, map: scene.map(), written: { before, how: 'authority' } };
  return eventsOf(report).map(({ reason, note }) => `${reason}: ${note}`);
}

describe('events', () => {
  test('tell of a shard that joins', () => {
    expect(told(servingShards(4), 4)).toEqual([
      'ShardMapPublished: epoch 2: 4 of 4 shards up; slots moved 1024, lent 0, returned 0',
      'ShardAdded: shard 3 joined the map at ws://127.0.0.1:9103/s/3',
    ]);
  });

  test('tell of a shard that leaves, and that it has left', () => {
    expect(told([servingShard(0), servingShard(1), servingShard(2, { deleting: true })])[1]).toMatch(
      /^ShardDraining: shard 2/u,
    );
    expect(told(servingShards(3), 2)[1]).toMatch(/^ShardDraining: shard 2/u);
    expect(told(servingShards(2), 2)[1]).toBe('ShardRemoved: shard 2 left the map');
  });

  test('are none when no map was written', () => {
    expect(eventsOf({ ...quiet, map: null, written: null })).toEqual([]);
  });
});

describe('a failure to publish', () => {
  const away: PassReport = {
    ...quiet,
    map: null,
    written: null,
    frozen: 'store_unreachable',
    storeFailure: new Error('no'),
  };

  test('is told when it lasts, and again after ten minutes', () => {
    const teller = createFailureTeller();
    const times = [0, 4_900, 5_000, 60_000, 604_000, 606_000].filter((nowMs) => teller.passed(away, nowMs).length > 0);
    expect(times).toEqual([5_000, 606_000]);
  });

  test('is not told when it passes at once', () => {
    const teller = createFailureTeller();
    const told = [teller.passed(away, 0), teller.passed({ ...away, frozen: null }, 3_000), teller.passed(away, 6_000)];
    expect(told.flat()).toEqual([]);
  });

  test('is told of passes that fail in a row', () => {
    const teller = createFailureTeller();
    expect([1, 2, 3, 4].map((failures) => teller.failed('forbidden', failures, failures).length)).toEqual([0, 0, 1, 0]);
  });
});
