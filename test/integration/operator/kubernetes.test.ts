import { afterEach, describe, expect, test } from '@jest/globals';
import { createKubernetesScene, type KubernetesScene, PATHS, patiently } from './kubernetes-scene.ts';

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
    const operator = start();
    await untilUp(3);
    expect(names(PATHS.services)).toEqual(['im-s0', 'im-s1', 'im-s2']);
    expect(names(PATHS.routes)).toEqual(['im-s0', 'im-s1', 'im-s2']);
    await patiently(async () => expect(await store.map.read()).toEqual(map()));
    expect(map().shards[1]).toEqual({ id: 1, url: 'wss://chat.example.com/s/1', state: 'up' });
    expect((await operator.get('/readyz')).status).toBe(200);
    expect((await operator.get('/livez')).status).toBe(200);
    expect((await operator.get('/metrics')).text).toMatch(/^flotilla_operator_leader 1$/mu);
  });

  test('routes a shard before the map names it, and takes its route away when its pod is gone', async () => {
    const { start, untilUp, names, scale, pod, api, map } = await setup(2);
    start();
    await untilUp(2);
    scale(3);
    await untilUp(3);
    const added = (what: string): number =>
      api.requests.findIndex(({ collection, body }) => collection === what && JSON.stringify(body).includes('im-s2'));
    const mapped = api.requests.findIndex(
      ({ collection, body }) => collection === PATHS.maps && JSON.stringify(body).includes('/s/2'),
    );
    expect(added(PATHS.services)).toBeLessThan(mapped);
    expect(added(PATHS.routes)).toBeLessThan(mapped);
    const set = api.table.get(PATHS.sets, 'im');
    if (set !== undefined) api.table.put(PATHS.sets, { ...set, spec: { ...(set['spec'] as object), replicas: 2 } });
    pod(2, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
    await untilUp(2);
    expect(map().shards[2]).toMatchObject({ id: 2, state: 'draining' });
    expect(names(PATHS.services)).toContain('im-s2');
    pod(2, null);
    await patiently(() => expect(names(PATHS.services)).toEqual(['im-s0', 'im-s1']));
    await patiently(() => expect(names(PATHS.routes)).toEqual(['im-s0', 'im-s1']));
  });

  test('writes nothing but its Lease while nothing happens', async () => {
    const { start, untilUp, api } = await setup(3);
    start();
    await untilUp(3);
    await patiently(() => expect(api.requests.at(-1)?.collection).toBe(PATHS.leases));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const before = api.writes().length;
    const all = api.requests.length;
    const sinceMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    const seconds = (performance.now() - sinceMs) / 1_000;
    expect(api.writes().slice(before)).toEqual([]);
    // What else was asked in that time is the Lease's renewals: one each 0.8 s.
    expect(api.requests.slice(all).every(({ collection }) => collection === PATHS.leases)).toBe(true);
    expect(api.requests.length - all).toBeLessThan(5 + 1.25 * seconds);
  });

  test('heals what somebody deletes or edits, at once', async () => {
    const { start, untilUp, api, names } = await setup(2);
    start();
    await untilUp(2);
    api.table.remove(PATHS.services, 'im-s1');
    api.table.remove(PATHS.routes, 'im-s0');
    await patiently(() => expect([...names(PATHS.services), ...names(PATHS.routes)]).toHaveLength(4));
    const service = api.table.get(PATHS.services, 'im-s0');
    api.table.put(PATHS.services, {
      ...service!,
      spec: { ...(service!['spec'] as object), selector: { app: 'other' } },
    });
    await patiently(() =>
      expect(api.table.get(PATHS.services, 'im-s0')?.['spec']).toMatchObject({
        selector: { 'statefulset.kubernetes.io/pod-name': 'im-0' },
      }),
    );
  });

  test('puts the map back under the same epoch when the ConfigMap is deleted, and above it when it is edited', async () => {
    const { start, untilUp, api, configMap, map } = await setup(2);
    start();
    const epoch = await untilUp(2);
    api.table.remove(PATHS.maps, 'im-shardmap');
    await patiently(() => expect(map().epoch).toBe(epoch));
    const put = (text: string): void => {
      const object = configMap()!;
      api.table.put(PATHS.maps, { ...object, data: { ...(object['data'] as object), 'map.json': text } });
    };
    put('not a map');
    await patiently(() => expect(map().epoch).toBe(epoch));
    put(JSON.stringify({ ...map(), epoch: 1, shards: [], home: [], owner: [] }));
    await patiently(() => expect(map().epoch).toBeGreaterThan(epoch));
    await untilUp(2);
  });

  test('knows the epoch when the ConfigMap and all of Redis are lost at once', async () => {
    const { start, untilUp, api, redis, map, store } = await setup(2);
    start();
    const epoch = await untilUp(2);
    await redis.command('FLUSHALL');
    api.table.remove(PATHS.maps, 'im-shardmap');
    await patiently(() => expect(map().epoch).toBeGreaterThanOrEqual(epoch));
    await patiently(async () => expect((await store.map.read())?.epoch).toBeGreaterThanOrEqual(epoch));
  });

  test('gives the set its first count once, and never again', async () => {
    const { start, untilUp, api, scale } = await setup(0);
    const set = api.table.get(PATHS.sets, 'im')!;
    const metadata = { ...set.metadata, annotations: { 'flotilla.im/initial-replicas': '2' } };
    api.table.put(PATHS.sets, { ...set, metadata, spec: { ...(set['spec'] as object), replicas: 1 } });
    start();
    const replicas = (): unknown => (api.table.get(PATHS.sets, 'im')?.['spec'] as { replicas: number }).replicas;
    await patiently(() => expect(replicas()).toBe(2));
    await patiently(() =>
      expect(api.table.get(PATHS.sets, 'im')?.metadata.annotations).toMatchObject({
        'flotilla.im/initial-replicas-set': '2',
      }),
    );
    scale(2);
    await untilUp(2);
    scale(1);
    await untilUp(1);
    expect(replicas()).toBe(1);
  });

  test('tells what happened as events on the StatefulSet', async () => {
    const { start, untilUp, api, scale } = await setup(2);
    start();
    await untilUp(2);
    scale(1);
    await untilUp(1);
    const reasons = (): unknown[] => api.table.list(PATHS.events).map((event) => event['reason']);
    await patiently(() =>
      expect(reasons()).toEqual(expect.arrayContaining(['ShardMapPublished', 'ShardAdded', 'ShardRemoved'])),
    );
    expect(api.table.list(PATHS.events)[0]?.['regarding']).toMatchObject({ kind: 'StatefulSet', name: 'im' });
  });

  test('says in the ConfigMap how the cluster is', async () => {
    const { start, untilUp, configMap, silence } = await setup(3);
    start();
    await untilUp(3);
    const data = (): Record<string, string> => configMap()?.['data'] as Record<string, string>;
    const conditions = (): unknown => (JSON.parse(data()['status.json'] ?? '{}') as { conditions: unknown }).conditions;
    await patiently(() =>
      expect(conditions()).toEqual(
        ['Published', 'AllShardsUp', 'Exposed', 'Trusting'].map((type) =>
          expect.objectContaining({ type, status: 'True' }),
        ),
      ),
    );
    silence(2);
    await untilUp(2);
    expect(data()['summary']).toMatch(/^2 +away +0 +1365 +wss:/mu);
    await patiently(() =>
      expect(conditions()).toContainEqual(
        expect.objectContaining({ type: 'AllShardsUp', status: 'False', message: 'shard 2 is away' }),
      ),
    );
  });

  test('makes addresses and objects anew when the exposure changes', async () => {
    const { start, untilUp, exposure, map, api } = await setup(1);
    start();
    await untilUp(1);
    await exposure({ publicUrl: 'wss://im.example.org/s/{shard}', service: { annotations: { 'example.com/a': '1' } } });
    await patiently(() => expect(map().shards[0]?.url).toBe('wss://im.example.org/s/0'));
    await patiently(() =>
      expect(api.table.get(PATHS.services, 'im-s0')?.metadata.annotations).toMatchObject({ 'example.com/a': '1' }),
    );
  });
});
