import { describe, expect, test } from '@jest/globals';
import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import { parseExposure } from '../exposure/exposure.ts';
import { createFakeCollection } from '../testing/fake-collection.ts';
import { wiredPod, wiredSet } from '../testing/over-the-wire.ts';
import { createStatefulFleet } from './stateful-fleet.ts';

const exposure = parseExposure(
  JSON.stringify({ namePrefix: 'im-s', podNamePrefix: 'im-', publicUrl: 'wss://a.example/s/{shard}' }),
);
const annotated = { annotations: { 'flotilla.im/initial-replicas': '3' } };

function setup(set: object | null = { replicas: 2 }, metadata: object = {}) {
  const sets = createFakeCollection<V1StatefulSet>();
  const pods = createFakeCollection<V1Pod>(
    ...['im-0', 'im-1', 'other-0'].map((name) => wiredPod({ metadata: { name, uid: name }, status: {} })),
  );
  const clock = { nowMs: 1_000, answeredMs: 1_000 };
  const fleet = createStatefulFleet({
    name: 'im',
    sets,
    pods: { collection: () => pods, select: () => undefined, close: () => Promise.resolve() },
    exposure: () => exposure,
    isExposed: (shard) => shard === 0,
    mappedShards: () => 0,
    answeredMs: () => clock.answeredMs,
    nowMs: () => clock.nowMs,
    staleAfterMs: 5_000,
  });
  if (set !== null) sets.put(wiredSet({ metadata: { name: 'im', ...metadata }, spec: set }));
  return { fleet, sets, pods, clock };
}

describe('a fleet of Kubernetes', () => {
  test('is the pods of the set, each with its address and whether clients can be sent to it', async () => {
    const { fleet } = setup();
    expect(await fleet.read()).toMatchObject({
      desired: 2,
      firstId: 0,
      shards: [
        { id: 0, url: 'wss://a.example/s/0', exposed: true },
        { id: 1, url: 'wss://a.example/s/1', exposed: false },
      ],
    });
  });

  test('is not known before the set was seen', async () => {
    await expect(setup(null).fleet.read()).rejects.toThrow('there is no StatefulSet im');
  });

  test('is not known while the pods may look different by now, or the API server answers nothing', async () => {
    const { fleet, pods, clock } = setup();
    pods.isFresh = false;
    await expect(fleet.read()).rejects.toThrow('may be outdated');
    pods.isFresh = true;
    clock.nowMs += 5_000;
    await expect(fleet.read()).rejects.toThrow('may be outdated');
    clock.answeredMs = clock.nowMs;
    await expect(fleet.read()).resolves.toMatchObject({ desired: 2 });
  });

  test('wants nobody knows how many while the set is gone and its pods are not', async () => {
    const { fleet, sets } = setup();
    sets.drop('im');
    expect(await fleet.read()).toMatchObject({ desired: null, shards: [{ id: 0 }, { id: 1 }] });
  });

  test('wants as many as the set is about to be given', async () => {
    expect(await setup({ replicas: 1 }, annotated).fleet.read()).toMatchObject({ desired: 3 });
  });
});
