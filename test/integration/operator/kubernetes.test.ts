import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { createKubernetesScene, type KubernetesScene, PATHS } from './kubernetes-scene.ts';

const open: KubernetesScene[] = [];
afterEach(async () => {
  for (const scene of open.splice(0)) await scene.close();
});

async function setup(count: number): Promise<KubernetesScene> {
  const scene = await createKubernetesScene();
  open.push(scene);
  scene.scale(count);
  return scene;
}

describe('the operator on Kubernetes', () => {
  test('makes a Service and a route for each shard, mints the map in the ConfigMap, and gives it to Redis', async () => {
    const { start, untilUp, names, store, map } = await setup(3);
    start();
    await untilUp(3);
    expect(names(PATHS.services)).toEqual(['im-s0', 'im-s1', 'im-s2']);
    expect(names(PATHS.routes)).toEqual(['im-s0', 'im-s1', 'im-s2']);
    await eventually(async () => expect(await store.map.read()).toEqual(map()));
    expect(map().shards[1]).toEqual({ id: 1, url: 'wss://chat.example.com/s/1', state: 'up' });
  });
});
