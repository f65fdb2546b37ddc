import { describe, expect, test } from '@jest/globals';
import { createScene, servingShard, servingShards } from '../testing/scene.ts';
import { movementBetween } from './movement.ts';

describe('how two maps differ', () => {
  test('growth from 3 to 5 moves two fifths of the slots', () => {
    const scene = createScene();
    scene.see(servingShards(3));
    const before = scene.map();
    scene.see(servingShards(5));
    const { moved, lent, returned } = movementBetween(before, scene.map());
    expect(Math.abs(moved - (4096 * 2) / 5)).toBeLessThanOrEqual(2);
    expect([lent, returned]).toEqual([0, 0]);
  });

  test('a shard that goes away lends its slots and gets them back', () => {
    const scene = createScene();
    scene.see(servingShards(4));
    const home = scene.map();
    scene.see([servingShard(0), servingShard(1, { present: false }), servingShard(2), servingShard(3)]);
    const away = scene.map();
    scene.see(servingShards(4));
    expect(movementBetween(home, away)).toEqual({ moved: 1024, lent: 1024, returned: 0 });
    expect(movementBetween(away, scene.map())).toEqual({ moved: 1024, lent: 0, returned: 1024 });
  });

  test('the first map moves nothing', () => {
    const scene = createScene();
    scene.see(servingShards(2));
    expect(movementBetween(null, scene.map())).toEqual({ moved: 0, lent: 0, returned: 0 });
  });
});
