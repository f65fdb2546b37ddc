import { describe, expect, test } from '@jest/globals';
import { steadyScenes } from './steady-scene.ts';

const setup = steadyScenes();

describe('a lost machine', () => {
  test('half of the shards at once are lent, in one map, while the others are heard', async () => {
    const { silence, untilUp, map } = await setup();
    const { epoch } = map();
    silence(2);
    silence(3);
    expect(await untilUp(2)).toBe(epoch + 1);
  });

  test('all shards but one are lent to it', async () => {
    const { silence, untilUp } = await setup();
    for (const id of [0, 1, 3]) silence(id);
    await untilUp(1);
  });

  test('a pod that was replaced lends its slots although the other shard is alone', async () => {
    const scene = await setup();
    const { pod, silence, untilUp, scale } = scene;
    scale(2);
    await untilUp(2);
    pod(1, null);
    silence(1);
    pod(1, { status: { phase: 'Pending', conditions: [{ type: 'Ready', status: 'False' }] } });
    await untilUp(1);
  });
});
