import { describe, expect, test } from '@jest/globals';
import { createScene, servingShard, servingShards } from '../testing/scene.ts';
import { chooseBase } from './base.ts';
import { withEpoch } from './epoch.ts';

function setup() {
  const scene = createScene();
  scene.see(servingShards(3));
  const early = withEpoch(scene.map(), 5);
  scene.see([servingShard(0), servingShard(1), servingShard(2, { present: false })]);
  return { early, late: withEpoch(scene.map(), 6) };
}

describe('the map in force', () => {
  test('is the authority’s when the store has none, or an older one', () => {
    const { early, late } = setup();
    expect(chooseBase(late, null)).toMatchObject({ map: late, how: 'authority' });
    expect(chooseBase(late, early)).toMatchObject({ map: late, how: 'authority' });
    expect(chooseBase(late, late)).toMatchObject({ map: late, how: 'authority' });
  });

  test('is the store’s, unchanged, when the authority has lost its own', () => {
    const { late } = setup();
    expect(chooseBase(null, late)).toEqual({ map: late, minEpoch: 6, how: 'adopted' });
  });

  test('goes on above the store’s when that is ahead of the authority', () => {
    const { early, late } = setup();
    expect(chooseBase(early, late)).toEqual({ map: late, minEpoch: 7, how: 'taken_over' });
  });

  test('goes on above both when they say different things under one epoch', () => {
    const { early, late } = setup();
    expect(chooseBase(withEpoch(early, 6), late)).toMatchObject({ minEpoch: 7, how: 'taken_over' });
  });

  test('is none before the first', () => {
    expect(chooseBase(null, null)).toMatchObject({ map: null });
  });
});
