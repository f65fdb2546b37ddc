import { describe, expect, test } from '@jest/globals';
import { homeTable, parseShardMap, slotRuns } from '@flotilla-im/protocol';
import { createScene, servingShard, servingShards, statesOf } from '../testing/scene.ts';

describe('planning the map', () => {
  test('the first map has the shards that serve, in a row from the first', () => {
    const scene = createScene();
    const shards = [servingShard(0), servingShard(1), servingShard(2, { ready: false }), servingShard(3)];
    for (const nowMs of [0, 750]) scene.see(shards, { desired: 4, nowMs });
    expect(statesOf(scene.map())).toEqual({ 0: 'up', 1: 'up' });
    expect(scene.map()).toMatchObject({ epoch: 2, home: slotRuns(homeTable(2)), owner: slotRuns(homeTable(2)) });
  });

  test('a map without shards is a map', () => {
    const scene = createScene();
    scene.see([], { desired: 3 });
    expect(scene.map()).toMatchObject({ epoch: 1, shards: [], home: [], owner: [] });
  });

  test('growth waits for the next shard in line', () => {
    const scene = createScene();
    scene.see(servingShards(3));
    scene.see([...servingShards(3), servingShard(3, { heartbeat: 'unproven' }), servingShard(4)]);
    expect(scene.map().epoch).toBe(1);
    scene.see(servingShards(5));
    expect(scene.map()).toMatchObject({ epoch: 2, home: slotRuns(homeTable(5)) });
  });

  test('growth waits a moment for more shards that are wanted, so that slots move once', () => {
    const scene = createScene();
    scene.see(servingShards(1));
    scene.see(servingShards(2), { desired: 3, nowMs: 1_000 });
    scene.see(servingShards(3), { desired: 3, nowMs: 1_500 });
    expect(scene.map()).toMatchObject({ epoch: 2, home: slotRuns(homeTable(3)) });
  });

  test('growth does not wait for long', () => {
    const scene = createScene();
    scene.see(servingShards(1));
    for (const nowMs of [1_000, 1_250, 1_500]) scene.see(servingShards(2), { desired: 3, nowMs });
    expect(scene.map().epoch).toBe(1);
    scene.see(servingShards(2), { desired: 3, nowMs: 1_750 });
    expect(scene.map()).toMatchObject({ epoch: 2, home: slotRuns(homeTable(2)) });
  });

  test('shrinking changes the map while the pods are still there, and lists them until they are gone', () => {
    const scene = createScene();
    scene.see(servingShards(5));
    scene.see(servingShards(5), { desired: 3 });
    expect(statesOf(scene.map())).toEqual({ 0: 'up', 1: 'up', 2: 'up', 3: 'draining', 4: 'draining' });
    expect(scene.map().owner).toEqual(slotRuns(homeTable(3)));
    scene.see(servingShards(3));
    expect(statesOf(scene.map())).toEqual({ 0: 'up', 1: 'up', 2: 'up' });
  });

  test('scaling to nothing and back gives the same table', () => {
    const scene = createScene();
    scene.see(servingShards(2));
    scene.see(servingShards(2), { desired: 0 });
    expect(scene.map()).toMatchObject({ home: [], owner: [] });
    scene.see(servingShards(2));
    expect(scene.map()).toMatchObject({ epoch: 3, owner: slotRuns(homeTable(2)) });
  });

  test('ids may start above 0', () => {
    const scene = createScene();
    scene.see([servingShard(5), servingShard(6)], { firstId: 5, desired: 2 });
    expect(new Set(scene.owner())).toEqual(new Set([5, 6]));
  });

  test('when ids come to start elsewhere, shards that the map does not know join as in any growth', () => {
    const scene = createScene();
    scene.see(servingShards(3));
    const coming = [servingShard(3, { ready: false }), servingShard(4, { ready: false })];
    const leaving = [servingShard(0, { deleting: true }), servingShard(1, { deleting: true })];
    scene.see([...leaving, servingShard(2), ...coming], { firstId: 2, desired: 3 });
    expect(statesOf(scene.map())).toEqual({ 0: 'draining', 1: 'draining', 2: 'up' });
    expect(parseShardMap(JSON.stringify(scene.map()))).toEqual(scene.map());
    scene.see([servingShard(2), servingShard(3), servingShard(4)], { firstId: 2, desired: 3 });
    expect(new Set(scene.owner())).toEqual(new Set([2, 3, 4]));
  });

  test('the epoch stays when nothing changes, and the map is the very same', () => {
    const scene = createScene();
    const { map } = scene.see(servingShards(3));
    expect(scene.see(servingShards(3), { nowMs: 60_000 }).map).toBe(map);
  });

  test('a shard at another address is a change', () => {
    const scene = createScene();
    scene.see(servingShards(2));
    scene.see([servingShard(0), servingShard(1, { url: 'ws://127.0.0.1:9999/s/1' })]);
    expect(scene.map()).toMatchObject({ epoch: 2, owner: slotRuns(homeTable(2)) });
  });

  test('a shard that is asked to leave lends its slots while it drains, and gets them back at once', () => {
    const scene = createScene();
    scene.see(servingShards(3));
    scene.see([servingShard(0), servingShard(1, { deleting: true }), servingShard(2)]);
    expect(statesOf(scene.map())).toEqual({ 0: 'up', 1: 'draining', 2: 'up' });
    expect(scene.owner()).not.toContain(1);
    scene.see(servingShards(3));
    expect(scene.map()).toMatchObject({ epoch: 3, owner: slotRuns(homeTable(3)) });
  });

  test('a shard whose record is missing is away under its old address', () => {
    const scene = createScene();
    scene.see(servingShards(3));
    scene.see([servingShard(0), servingShard(2)], { desired: 3 });
    expect(scene.map().shards[1]).toEqual({ id: 1, url: 'ws://127.0.0.1:9101/s/1', state: 'away' });
  });

  test('a new planner takes the map in force as it is, and brings home only who is proven to live', () => {
    const scene = createScene();
    scene.see(servingShards(3));
    scene.see([servingShard(0), servingShard(1, { present: false }), servingShard(2)]);
    scene.restart();
    scene.see([0, 1, 2].map((id) => servingShard(id, { heartbeat: 'unproven' })));
    expect(scene.map().epoch).toBe(2);
    scene.see(servingShards(3));
    expect(scene.map()).toMatchObject({ epoch: 3, owner: slotRuns(homeTable(3)) });
  });
});
