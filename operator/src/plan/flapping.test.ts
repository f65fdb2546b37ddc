import { describe, expect, test } from '@jest/globals';
import { createScene, type Scene, servingShard, servingShards } from '../testing/scene.ts';

const gone = [servingShard(0), servingShard(1, { present: false }), servingShard(2)];
const leaving = [servingShard(0), servingShard(1, { deleting: true }), servingShard(2)];

const isHome = (scene: Scene): boolean => scene.owner().includes(1);

/** How long shard 1 waits from its return until its slots are home. */
function waitAfter(scene: Scene, backMs: number): number {
  for (let waitedMs = 0; waitedMs <= 400_000; waitedMs += 2_500) {
    scene.see(servingShards(3), { nowMs: backMs + waitedMs });
    if (isHome(scene)) return waitedMs;
  }
  throw new Error('it never came home');
}

function setup(): Scene {
  const scene = createScene();
  scene.see(servingShards(3));
  return scene;
}

describe('a shard that crashes again and again', () => {
  test('comes home at once after its first crash, and waits longer each time after the next', () => {
    const scene = setup();
    const waits = [10_000, 20_000, 40_000, 80_000].map((nowMs) => {
      scene.see(gone, { nowMs });
      return waitAfter(scene, nowMs + 1_000);
    });
    expect(waits).toEqual([0, 5_000, 10_000, 20_000]);
  });

  test('waits five minutes at most', () => {
    const scene = setup();
    const waits = Array.from({ length: 9 }, (_, crash) => {
      scene.see(gone, { nowMs: crash * 500_000 });
      return waitAfter(scene, crash * 500_000 + 1_000);
    });
    expect(Math.max(...waits)).toBe(300_000);
  });

  test('starts its wait anew when it crashes while it waits', () => {
    const scene = setup();
    scene.see(gone, { nowMs: 1_000 });
    waitAfter(scene, 2_000);
    scene.see(gone, { nowMs: 3_000 });
    scene.see(servingShards(3), { nowMs: 4_000 });
    scene.see(gone, { nowMs: 8_000 });
    expect(waitAfter(scene, 9_000)).toBe(10_000);
  });

  test('is forgiven after ten minutes at home', () => {
    const scene = setup();
    scene.see(gone, { nowMs: 1_000 });
    waitAfter(scene, 2_000);
    scene.see(servingShards(3), { nowMs: 602_000 });
    scene.see(gone, { nowMs: 603_000 });
    expect(waitAfter(scene, 604_000)).toBe(0);
  });

  test('planned leaves never count, not even when the process is then seen to end', () => {
    const scene = setup();
    for (let round = 1; round <= 5; round++) {
      scene.see(leaving, { nowMs: round * 10_000 });
      scene.see(gone, { nowMs: round * 10_000 + 1_000 });
      expect(waitAfter(scene, round * 10_000 + 2_000)).toBe(0);
    }
  });

  test('a shard that says it drains leaves as planned', () => {
    const scene = setup();
    for (let round = 1; round <= 3; round++) {
      scene.see([servingShard(0), servingShard(1, { heartbeat: 'draining' }), servingShard(2)], {
        nowMs: round * 10_000,
      });
      expect(isHome(scene)).toBe(false);
      scene.see(gone, { nowMs: round * 10_000 + 1_000 });
      expect(waitAfter(scene, round * 10_000 + 2_000)).toBe(0);
    }
  });
});
