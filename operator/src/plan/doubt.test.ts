import { describe, expect, test } from '@jest/globals';
import { createScene, servingShard, servingShards, statesOf } from '../testing/scene.ts';

const silent = { heartbeat: 'silent' } as const;

describe('lending on suspicion', () => {
  test('a shard that is not heard lends its slots', () => {
    const scene = createScene();
    scene.see(servingShards(3));
    const plan = scene.see([servingShard(0), servingShard(1), servingShard(2, silent)]);
    expect(statesOf(scene.map())).toEqual({ 0: 'up', 1: 'up', 2: 'away' });
    expect(plan.frozen).toBeNull();
  });

  test('a shard that is not ready lends its slots', () => {
    const scene = createScene();
    scene.see(servingShards(3));
    scene.see([servingShard(0), servingShard(1), servingShard(2, { ready: false })]);
    expect(scene.owner()).not.toContain(2);
  });

  test('a shard that is not ready keeps its slots when Redis was away just before, unless it is not heard either', () => {
    const scene = createScene();
    const { map } = scene.see(servingShards(4));
    const stale = { isReadinessStale: true };
    const shards = [servingShard(0), servingShard(1), servingShard(2, { ready: false })];
    const plan = scene.see([...shards, servingShard(3, { ready: false, heartbeat: 'unproven' })], stale);
    expect(plan).toMatchObject({ map, frozen: null });
    scene.see([...shards, servingShard(3, { ready: false, heartbeat: 'silent' })], stale);
    expect(statesOf(scene.map())).toEqual({ 0: 'up', 1: 'up', 2: 'up', 3: 'away' });
  });

  test('when half of the shards look away, the map stays', () => {
    const scene = createScene();
    const { map } = scene.see(servingShards(4));
    const plan = scene.see([
      servingShard(0),
      servingShard(1),
      servingShard(2, silent),
      servingShard(3, { ready: false }),
    ]);
    expect(plan).toMatchObject({ frozen: 'half_away' });
    expect(plan.map).toBe(map);
  });

  test('the first to fall silent is not lent when half are quiet already', () => {
    const scene = createScene();
    const { map } = scene.see(servingShards(4));
    const quiet = { heartbeat: 'quiet' } as const;
    const plan = scene.see([servingShard(0), servingShard(1), servingShard(2, quiet), servingShard(3, silent)]);
    expect(plan.map).toBe(map);
  });

  test('shards that are quiet are lent to nobody', () => {
    const scene = createScene();
    const { map } = scene.see(servingShards(3));
    const plan = scene.see([servingShard(0), servingShard(1), servingShard(2, { heartbeat: 'quiet' })]);
    expect(plan).toMatchObject({ frozen: null });
    expect(plan.map).toBe(map);
  });

  test('a shard that is away already, and on its way back, is no sign of an ill store', () => {
    const scene = createScene();
    scene.see(servingShards(2));
    scene.see([servingShard(0), servingShard(1, { deleting: true })]);
    const plan = scene.see([servingShard(0), servingShard(1, { ready: false, heartbeat: 'unproven' })]);
    expect(plan.frozen).toBeNull();
  });

  test('what was lent before stays lent when half look away', () => {
    const scene = createScene();
    scene.see(servingShards(3));
    scene.see([servingShard(0), servingShard(1), servingShard(2, silent)]);
    const { map } = scene.see([servingShard(0, silent), servingShard(1), servingShard(2, silent)]);
    expect(statesOf(map!)).toEqual({ 0: 'up', 1: 'up', 2: 'away' });
  });

  test('processes that were seen to end are away, however many they are', () => {
    const scene = createScene();
    scene.see(servingShards(3));
    scene.see([servingShard(0), servingShard(1, { present: false }), servingShard(2, { present: false })]);
    expect(new Set(scene.owner())).toEqual(new Set([0]));
  });

  test('while the store cannot be reached, nothing changes at all', () => {
    const scene = createScene();
    const { map } = scene.see(servingShards(3));
    const plan = scene.see([servingShard(0, { present: false })], { desired: 1, isStoreHealthy: false });
    expect(plan).toMatchObject({ frozen: 'store_unreachable' });
    expect(plan.map).toBe(map);
  });

  test('a single shard keeps its slots, whatever it looks like', () => {
    const scene = createScene();
    const { map } = scene.see([servingShard(0)]);
    expect(scene.see([servingShard(0, silent)]).map).toBe(map);
  });

  test('scaling goes on while half look away', () => {
    const scene = createScene();
    scene.see([servingShard(0)]);
    scene.see([servingShard(0, silent), servingShard(1), servingShard(2)]);
    expect(scene.map().shards).toHaveLength(3);
  });
});
