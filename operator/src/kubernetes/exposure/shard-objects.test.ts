import { describe, expect, test } from '@jest/globals';
import { parseExposure, type RouteExposure } from './exposure.ts';
import { CONTENT_HASH, shardRoute, shardService } from './shard-objects.ts';

const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'im', uid: '1' };

function setup(change: Record<string, unknown> = {}) {
  const given = {
    namePrefix: 'chat-im-s',
    podNamePrefix: 'chat-im-',
    labels: { 'app.kubernetes.io/instance': 'chat' },
    publicUrl: 'wss://chat.example.com/s/{shard}',
  };
  return parseExposure(JSON.stringify({ ...given, ...change }));
}

describe('the Service of a shard', () => {
  test('selects its one pod, ready or not', () => {
    expect(shardService(setup(), 3, owner)).toMatchObject({
      metadata: {
        name: 'chat-im-s3',
        labels: { 'app.kubernetes.io/managed-by': 'flotilla-operator', 'flotilla.im/shard': '3' },
        ownerReferences: [owner],
      },
      spec: {
        type: 'ClusterIP',
        publishNotReadyAddresses: true,
        selector: { 'statefulset.kubernetes.io/pod-name': 'chat-im-3' },
        ports: [{ name: 'http', port: 8080, targetPort: 'http' }],
      },
    });
  });

  test('takes what else is wanted of it, but no other pods', () => {
    const spec = { externalTrafficPolicy: 'Local', selector: { app: 'other' } };
    const service = shardService(setup({ service: { type: 'LoadBalancer', spec } }), 0, owner);
    expect(service.spec).toMatchObject({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
    expect(service.spec['selector']).toEqual({ 'statefulset.kubernetes.io/pod-name': 'chat-im-0' });
  });

  test('has the same hash for the same content, and another for another', () => {
    const hash = (shard: number, change = {}): unknown =>
      shardService(setup(change), shard, owner).metadata.annotations[CONTENT_HASH];
    expect(hash(1)).toBe(hash(1));
    expect(new Set([hash(1), hash(2), hash(1, { service: { port: 80 } })]).size).toBe(3);
  });
});

describe('the route of a shard', () => {
  const parentRefs = [{ name: 'edge', namespace: 'default', sectionName: 'https' }];

  test('is an HTTPRoute to the shard’s doors for clients, not to its probes and metrics', () => {
    const exposure = setup({ route: { kind: 'HTTPRoute', parentRefs, hostnames: ['chat.example.com'] } });
    expect(shardRoute(exposure, exposure.route as RouteExposure, 10, owner)).toMatchObject({
      kind: 'HTTPRoute',
      spec: {
        parentRefs,
        hostnames: ['chat.example.com'],
        rules: [
          {
            matches: ['/s/10/ws', '/s/10/socket.io'].map((value) => ({ path: { type: 'PathPrefix', value } })),
            backendRefs: [{ name: 'chat-im-s10', port: 8080 }],
          },
        ],
      },
    });
  });

  test('may have a host a shard instead', () => {
    const route = { kind: 'HTTPRoute', parentRefs, hostnames: ['s{shard}.example.com'], path: '/' };
    const exposure = setup({ route, publicUrl: 'wss://s{shard}.example.com' });
    expect(shardRoute(exposure, exposure.route as RouteExposure, 2, owner).spec).toMatchObject({
      hostnames: ['s2.example.com'],
      rules: [{ matches: [{ path: { value: '/ws' } }, { path: { value: '/socket.io' } }] }],
    });
  });

  test('is an Ingress where that is wanted', () => {
    const tls = [{ secretName: 'cert', hosts: ['s{shard}.example.com'] }];
    const route = { kind: 'Ingress', className: 'traefik', host: 's{shard}.example.com', path: '/', tls };
    const exposure = setup({ route: { ...route, annotations: { 'example.com/shard': '{shard}' } } });
    const ingress = shardRoute(exposure, exposure.route as RouteExposure, 1, owner);
    expect(ingress.metadata.annotations).toMatchObject({ 'example.com/shard': '1' });
    expect(ingress.spec).toEqual({
      ingressClassName: 'traefik',
      tls: [{ secretName: 'cert', hosts: ['s1.example.com'] }],
      rules: [
        {
          host: 's1.example.com',
          http: {
            paths: ['/ws', '/socket.io'].map((path) => ({
              path,
              pathType: 'Prefix',
              backend: { service: { name: 'chat-im-s1', port: { number: 8080 } } },
            })),
          },
        },
      ],
    });
  });
});
