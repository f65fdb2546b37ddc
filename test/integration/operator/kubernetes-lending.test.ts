import { afterEach, describe, expect, test } from '@jest/globals';
import { createKubernetesScene, type KubernetesScene, PATHS, patiently } from './kubernetes-scene.ts';
import type { OperatorProcess } from './operator-process.ts';

const open: KubernetesScene[] = [];
afterEach(async () => {
  for (const scene of open.splice(0)) await scene.close();
});

const notReady = { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] } };

/** Four shards that have been heard for so long that Redis is proven to be well. */
async function setup(): Promise<KubernetesScene & { readonly operator: OperatorProcess }> {
  const scene = await createKubernetesScene();
  open.push(scene);
  scene.scale(4);
  const operator = scene.start();
  await scene.untilUp(4);
  await passes(8_000);
  return { ...scene, operator };
}

const passes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

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

  test('nothing is lent when all of Redis is gone for a while, nor while shards find their way back one by one', async () => {
    const { redis, map, operator, api, pod, silence, scale } = await setup();
    const { epoch } = map();
    await redis.kill();
    for (const id of [0, 1, 2, 3]) pod(id, notReady);
    silence(3);
    await passes(6_000);
    await redis.start();
    await patiently(() =>
      expect(operator.log()).toContainEqual(expect.objectContaining({ msg: 'store reachable again' })),
    );
    for (const id of [0, 1]) pod(id, {});
    await passes(3_500);
    scale(4);
    await passes(3_000);
    pod(2, {});
    await passes(3_000);
    pod(3, {});
    await passes(1_000);
    expect(map().epoch).toBe(epoch);
    expect(api.table.list(PATHS.events).map((event) => event['reason'])).toContain('PublishFailed');
  });

  test('nothing is lent when Redis is emptied, nor when it is started anew without what it held', async () => {
    const { redis, map, store } = await setup();
    const { epoch } = map();
    await redis.command('FLUSHALL');
    await patiently(async () => expect((await store.map.read())?.epoch).toBe(epoch));
    await passes(3_000);
    await redis.kill();
    await redis.start();
    await redis.command('FLUSHALL');
    await patiently(async () => expect((await store.map.read())?.epoch).toBe(epoch));
    await passes(8_000);
    expect(map().epoch).toBe(epoch);
  });

  test('nothing is lent when no shard is heard, however well Redis looks', async () => {
    const { silence, map } = await setup();
    const { epoch } = map();
    for (const id of [0, 1, 2, 3]) silence(id);
    await passes(6_000);
    expect(map().epoch).toBe(epoch);
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
