import { describe, expect, test } from '@jest/globals';
import { createScene, servingShard, servingShards } from '../testing/scene.ts';
import { chooseBase, type KnownMaps } from './base.ts';
import { withEpoch } from './epoch.ts';

function setup() {
  const scene = createScene();
  scene.see(servingShards(3));
  const early = withEpoch(scene.map(), 5);
  scene.see([servingShard(0), servingShard(1), servingShard(2, { present: false })]);
  const choose = (known: Partial<KnownMaps>) =>
    chooseBase({ authority: null, mirror: null, remembered: null, heardEpoch: 0, ...known });
  return { early, late: withEpoch(scene.map(), 6), choose };
}

describe('the map in force', () => {
  test('is the authority’s when the store has none, or an older one', () => {
    const { early, late, choose } = setup();
    expect(choose({ authority: late })).toMatchObject({ map: late, how: 'authority' });
    expect(choose({ authority: late, mirror: early })).toMatchObject({ map: late, how: 'authority' });
    expect(choose({ authority: late, mirror: late })).toMatchObject({ map: late, how: 'authority' });
  });

  test('is the store’s, unchanged, when the authority has lost its own', () => {
    const { late, choose } = setup();
    expect(choose({ mirror: late })).toEqual({ map: late, minEpoch: 6, how: 'adopted' });
  });

  test('is the remembered one when authority and store have lost theirs at once', () => {
    const { late, choose } = setup();
    expect(choose({ remembered: late })).toEqual({ map: late, minEpoch: 6, how: 'adopted' });
  });

  test('goes on above the store’s when that is ahead of the authority', () => {
    const { early, late, choose } = setup();
    expect(choose({ authority: early, mirror: late })).toEqual({ map: late, minEpoch: 7, how: 'taken_over' });
  });

  test('goes on above the remembered one when the authority was put back and the store is away', () => {
    const { early, late, choose } = setup();
    expect(choose({ authority: early, remembered: late })).toEqual({ map: late, minEpoch: 7, how: 'taken_over' });
  });

  test('goes on above both when they say different things under one epoch', () => {
    const { early, late, choose } = setup();
    const known = { authority: withEpoch(early, 6), mirror: late };
    expect(choose(known)).toMatchObject({ minEpoch: 7, how: 'taken_over' });
  });

  test('goes on above what shards serve by, even when every map is lost', () => {
    const { early, choose } = setup();
    expect(choose({ heardEpoch: 40 })).toEqual({ map: null, minEpoch: 41, how: 'taken_over' });
    expect(choose({ authority: early, heardEpoch: 40 })).toMatchObject({ map: early, minEpoch: 41 });
    expect(choose({ authority: early, heardEpoch: 5 })).toMatchObject({ how: 'authority' });
  });

  test('is none before the first', () => {
    expect(setup().choose({})).toMatchObject({ map: null });
  });
});
