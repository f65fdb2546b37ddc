import { describe, expect, test } from '@jest/globals';
import { createScene, type Scene, servingShard, servingShards, statesOf } from '../testing/scene.ts';
import type { ShardObservation } from './observation.ts';

const silent = { heartbeat: 'silent' } as const;
const quiet = { heartbeat: 'quiet' } as const;
const proven = { isStoreProven: true } as const;

function setup(count = 4): Scene {
  const scene = createScene();
  scene.see(servingShards(count));
  return scene;
}

const look = (...changes: Partial<ShardObservation>[]): ShardObservation[] =>
  changes.map((change, id) => servingShard(id, change));

describe('half or more of the shards look away while Redis is proven to be well', () => {
  test('those that are not heard are lent, all of them in one map', () => {
    const scene = setup();
    const { epoch } = scene.map();
    expect(scene.see(look({}, {}, silent, silent), proven).frozen).toBeNull();
    expect(statesOf(scene.map())).toEqual({ 0: 'up', 1: 'up', 2: 'away', 3: 'away' });
    expect(scene.map().epoch).toBe(epoch + 1);
  });

  test('one that starts again is lent', () => {
    const scene = setup(2);
    scene.see(look({}, { heartbeat: 'starting', ready: false }), proven);
    expect(new Set(scene.owner())).toEqual(new Set([0]));
  });

  test('nobody is lent while another one is about to fall silent', () => {
    const scene = setup();
    const { map } = scene.see(look({}, {}, silent, quiet), proven);
    expect(map).toMatchObject({ epoch: 1 });
    scene.see(look({}, {}, silent, silent), proven);
    expect(scene.map().epoch).toBe(2);
  });

  test('those that are heard and merely not ready keep their slots', () => {
    const scene = setup();
    scene.see(look({}, { ready: false }, silent, silent), proven);
    expect(new Set(scene.owner())).toEqual(new Set([0, 1]));
  });

  test('without the proof nobody is lent', () => {
    const scene = setup();
    expect(scene.see(look({}, {}, silent, silent)).frozen).toBe('half_away');
    expect(scene.map().epoch).toBe(1);
  });
});

describe('a shard whose life has ended', () => {
  const life = (id: string, starts = 0): Partial<ShardObservation> => ({ life: { id, starts } });
  const starting = { ready: false, heartbeat: 'quiet' } as const;

  test('is away when another pod stands in its place, although half are away and Redis is not proven', () => {
    const scene = createScene();
    scene.see(look(life('a'), life('b')));
    expect(scene.see(look(life('a'), { ...life('c'), ...starting })).frozen).toBeNull();
    expect(statesOf(scene.map())).toEqual({ 0: 'up', 1: 'away' });
  });

  test('is away when its process was started again, and comes home when it serves', () => {
    const scene = createScene();
    scene.see(look(life('a'), life('b')));
    scene.see(look(life('a'), { ...life('b', 1), ...starting }));
    expect(statesOf(scene.map())).toEqual({ 0: 'up', 1: 'away' });
    scene.see(look(life('a'), life('b', 1)));
    expect(statesOf(scene.map())).toEqual({ 0: 'up', 1: 'up' });
  });

  test('is as it was when the next life serves already', () => {
    const scene = createScene();
    scene.see(look(life('a'), life('b')));
    scene.see(look(life('a'), life('c')));
    expect(scene.map().epoch).toBe(1);
    scene.see(look(life('a'), { ...life('c'), ...quiet }));
    expect(scene.map().epoch).toBe(1);
  });

  test('counts as crashed when its process ended, and not when its pod was replaced', () => {
    const crashes = (next: Partial<ShardObservation>[]): number => {
      const scene = createScene();
      scene.see(look(life('a'), life('b')));
      const plans = next.map((change) => scene.see(look(life('a'), { ...change, ...starting })));
      return plans.at(-1)?.memory.standings.get(1)?.crashes ?? -1;
    };
    expect(crashes([life('b', 1)])).toBe(1);
    expect(crashes([life('c')])).toBe(0);
  });
});
