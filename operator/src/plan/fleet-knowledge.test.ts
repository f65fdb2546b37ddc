import { describe, expect, test } from '@jest/globals';
import { createScene, servingShard, servingShards, statesOf } from '../testing/scene.ts';

describe('what is known of the fleet', () => {
  test('while it is not known, nothing changes at all', () => {
    const scene = createScene();
    const { map } = scene.see(servingShards(3));
    const plan = scene.see([], { isFleetKnown: false, desired: null });
    expect(plan).toMatchObject({ frozen: 'fleet_unknown' });
    expect(plan.map).toBe(map);
  });

  test('when nobody can say how many shards are wanted, the map keeps as many as it has, and lends as ever', () => {
    const scene = createScene();
    scene.see([servingShard(5), servingShard(6), servingShard(7)], { firstId: 5 });
    scene.see([servingShard(5), servingShard(6, { present: false }), servingShard(7)], { desired: null });
    expect(statesOf(scene.map())).toEqual({ 5: 'up', 6: 'away', 7: 'up' });
  });

  test('a shard joins when clients can be sent to it, and not before', () => {
    const scene = createScene();
    scene.see(servingShards(2));
    scene.see([...servingShards(2), servingShard(2, { exposed: false })]);
    expect(scene.map().shards).toHaveLength(2);
    scene.see(servingShards(3));
    expect(scene.map().shards).toHaveLength(3);
  });

  test('a shard of the map keeps its slots while somebody has taken away what leads to it', () => {
    const scene = createScene();
    const { map } = scene.see(servingShards(3));
    expect(scene.see([servingShard(0), servingShard(1, { exposed: false }), servingShard(2)]).map).toBe(map);
  });
});
