import { afterEach, describe, expect, test } from '@jest/globals';
import { operatorRights } from '../../support/operator-rights.ts';
import { createKubernetesScene, type KubernetesScene, PATHS, patiently } from './kubernetes-scene.ts';
import { isPermitted } from './rights.ts';

const NAMES = { set: 'im', map: 'im-shardmap', lease: 'im-operator' };
const open: KubernetesScene[] = [];
afterEach(async () => {
  for (const scene of open.splice(0)) await scene.close();
});

/** An API server that permits what the chart's Role does, and notes what it refused. */
async function setup(routes: 'HTTPRoute' | 'Ingress' | null): Promise<KubernetesScene & { refused: string[] }> {
  const scene = await createKubernetesScene();
  open.push(scene);
  const rights = operatorRights(NAMES, routes);
  const refused: string[] = [];
  scene.api.fault = (request) => {
    const isThere = scene.api.table.get(request.collection, request.name ?? '') !== undefined;
    if (isPermitted(request, isThere, rights)) return null;
    refused.push(`${request.method} ${request.collection} ${request.name ?? ''}`);
    return { status: 403 };
  };
  return { ...scene, refused };
}

describe('the operator with the rights of the chart’s Role', () => {
  test('gives the first count, exposes, maps, heals, shrinks and tells, and is refused nothing', async () => {
    const { start, untilUp, api, scale, refused, names } = await setup('HTTPRoute');
    scale(0);
    const set = api.table.get(PATHS.sets, 'im')!;
    const metadata = { ...set.metadata, annotations: { 'flotilla.im/initial-replicas': '2' } };
    api.table.put(PATHS.sets, { ...set, metadata, spec: { ...(set['spec'] as object), replicas: 1 } });
    start();
    await patiently(() => expect(api.table.get(PATHS.sets, 'im')?.['spec']).toMatchObject({ replicas: 2 }));
    scale(2);
    await untilUp(2);
    api.table.remove(PATHS.services, 'im-s1');
    await patiently(() => expect(names(PATHS.services)).toEqual(['im-s0', 'im-s1']));
    api.table.remove(PATHS.maps, 'im-shardmap');
    await untilUp(2);
    scale(1);
    await untilUp(1);
    await patiently(() => expect(names(PATHS.routes)).toEqual(['im-s0']));
    await patiently(() => expect(names(PATHS.events).length).toBeGreaterThan(1));
    expect(refused).toEqual([]);
  });

  test('takes away what is left of a former kind of routes', async () => {
    const { start, untilUp, exposure, scale, names, refused, api } = await setup('Ingress');
    const metadata = (name: string) => {
      const labels = { 'app.kubernetes.io/name': 'flotilla', 'app.kubernetes.io/instance': 'test' };
      const made = { 'app.kubernetes.io/component': 'shard', 'app.kubernetes.io/managed-by': 'flotilla-operator' };
      return { metadata: { name, labels: { ...labels, ...made } } };
    };
    for (const name of ['im-s0', 'im-s1', 'of-somebody-else']) api.table.put(PATHS.routes, metadata(name));
    api.table.put(PATHS.routes, { metadata: { name: 'im-s2' } });
    await exposure({ route: { kind: 'Ingress', path: '/s/{shard}' } });
    scale(1);
    start();
    await untilUp(1);
    await patiently(() => expect(names(PATHS.routes)).toEqual(['im-s2', 'of-somebody-else']));
    expect(names(PATHS.ingresses)).toEqual(['im-s0']);
    expect(refused).toEqual([]);
  });
});

describe('the operator and routes of a former kind', () => {
  test.each([
    ['there is no such kind, since the Gateway API is not installed', 404],
    ['it may not look for them', 403],
  ])('is well where %s', async (_why, status) => {
    const { start, untilUp, exposure, scale, configMap, api } = await setup(null);
    const permitted = api.fault;
    let asked = 0;
    api.fault = (request) => (request.collection === PATHS.routes ? (asked++, { status }) : permitted(request));
    await exposure({ route: null });
    scale(1);
    start();
    await untilUp(1);
    await patiently(() =>
      expect((configMap()?.['data'] as Record<string, string>)['status.json']).toContain(
        '"type":"Exposed","status":"True"',
      ),
    );
    expect(asked).toBe(1);
  });

  test('ends and begins anew when another kind is asked for, and takes the old ones away once the new ones are there', async () => {
    const { start, untilUp, exposure, scale, names, api } = await setup('Ingress');
    api.fault = () => null;
    scale(2);
    const first = start();
    await untilUp(2);
    expect(names(PATHS.routes)).toEqual(['im-s0', 'im-s1']);
    await exposure({ route: { kind: 'Ingress', path: '/s/{shard}' } });
    expect(await first.ended).toBe(0);
    api.fault = ({ collection, method }) =>
      collection === PATHS.ingresses && method === 'PATCH' ? { status: 500 } : null;
    start();
    const tried = (): unknown =>
      api.requests.some(({ collection, method }) => collection === PATHS.ingresses && method === 'PATCH');
    await patiently(() => expect(tried()).toBe(true));
    expect(names(PATHS.routes)).toEqual(['im-s0', 'im-s1']);
    api.fault = () => null;
    await patiently(() => expect(names(PATHS.ingresses)).toEqual(['im-s0', 'im-s1']));
    await patiently(() => expect(names(PATHS.routes)).toEqual([]));
  });
});
