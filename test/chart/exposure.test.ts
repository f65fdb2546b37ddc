import { describe, expect, it } from '@jest/globals';
import { parseExposure } from '../../operator/src/kubernetes/exposure/exposure.ts';
import { ciValues, render, type Rendered, specOf } from './support/render.ts';

const gateway = {
  type: 'httpRoute',
  host: 'a.example',
  httpRoute: { parentRefs: [{ name: 'edge', sectionName: 'https' }] },
};

function exposureOf(objects: readonly Rendered[]): Record<string, unknown> {
  const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-operator'));
  return JSON.parse(map?.data?.['exposure.json'] ?? '') as Record<string, unknown>;
}

async function exposure(values: unknown): Promise<Record<string, unknown>> {
  return exposureOf(await render({ values }));
}

describe('what the operator makes for each shard', () => {
  it.each([...ciValues.keys()])('is what the operator understands, with ci/%s', async (name) => {
    const given = exposureOf(await render({ values: ciValues.get(name) }));
    expect(() => parseExposure(JSON.stringify(given))).not.toThrow();
  });

  it('is nothing but a Service, and an address inside the cluster, as it comes', async () => {
    expect(await exposure({})).toMatchObject({
      namePrefix: 'chat-flotilla-im-s',
      podNamePrefix: 'chat-flotilla-im-',
      publicUrl: 'ws://chat-flotilla-im-s{shard}.messaging.svc:8080/s/{shard}',
      route: null,
      service: { type: 'ClusterIP', port: 8080, targetPort: 'http' },
    });
  });

  it('is a path on one host of a Gateway', async () => {
    expect(await exposure({ exposure: gateway })).toMatchObject({
      publicUrl: 'wss://a.example/s/{shard}',
      route: {
        kind: 'HTTPRoute',
        parentRefs: [{ name: 'edge', sectionName: 'https' }],
        hostnames: ['a.example'],
        path: '/s/{shard}',
      },
    });
  });

  it('is a host of its own where one is asked for', async () => {
    expect(await exposure({ exposure: { ...gateway, shardHost: 's{shard}.a.example' } })).toMatchObject({
      publicUrl: 'wss://s{shard}.a.example',
      route: { hostnames: ['s{shard}.a.example'], path: '/' },
    });
  });

  it('is a path of an Ingress with its certificate', async () => {
    const ingress = {
      type: 'ingress',
      host: 'a.example',
      tls: { secretName: 'cert' },
      ingress: { className: 'traefik' },
    };
    expect(await exposure({ exposure: ingress })).toMatchObject({
      publicUrl: 'wss://a.example/s/{shard}',
      route: {
        kind: 'Ingress',
        className: 'traefik',
        host: 'a.example',
        tls: [{ hosts: ['a.example'], secretName: 'cert' }],
      },
    });
  });

  it('is told as it is given, where that is said', async () => {
    const publicUrl = 'ws://127.0.0.1:8000/s/{shard}';
    expect(await exposure({ exposure: { ...gateway, host: '', publicUrl } })).toMatchObject({
      publicUrl,
      route: { hostnames: [] },
    });
    expect(await exposure({ exposure: { ...gateway, tls: { enabled: false } } })).toMatchObject({
      publicUrl: 'ws://a.example/s/{shard}',
    });
  });

  it('carries common labels and annotations, and nothing that changes with a version', async () => {
    const common = { commonLabels: { team: 'chat' }, commonAnnotations: { a: 'b', c: 'd' } };
    const { labels, service, route } = await exposure({
      ...common,
      exposure: gateway,
      shardService: { annotations: { a: 'own' } },
    });
    expect(service).toMatchObject({ annotations: { a: 'own', c: 'd' } });
    expect(route).toMatchObject({ annotations: { a: 'b', c: 'd' } });
    expect(labels).toMatchObject({ team: 'chat', 'app.kubernetes.io/managed-by': 'flotilla-operator' });
    expect(labels).not.toHaveProperty(['helm.sh/chart']);
    expect(labels).not.toHaveProperty(['app.kubernetes.io/version']);
  });
});

describe('what the chart makes', () => {
  it('is the address of any shard, and the demo’s', async () => {
    const objects = await render({ values: { exposure: gateway, demo: { enabled: true } } });
    expect(specOf(objects, 'HTTPRoute', 'chat-flotilla')).toMatchObject({
      parentRefs: [{ name: 'edge', sectionName: 'https' }],
      hostnames: ['a.example'],
      rules: [
        {
          matches: [{ path: { value: '/ws' } }, { path: { value: '/socket.io' } }],
          backendRefs: [{ name: 'chat-flotilla', port: 8080 }],
        },
      ],
    });
    expect(specOf(objects, 'HTTPRoute', 'chat-flotilla-demo')).toMatchObject({
      rules: [{ matches: [{ path: { value: '/' } }], backendRefs: [{ name: 'chat-flotilla-demo', port: 8080 }] }],
    });
  });

  it.each([['none'], ['httpRoute'], ['ingress']])('holds no object of a single shard, exposure %s', async (type) => {
    const objects = await render({ values: { exposure: { ...gateway, type } } });
    expect(objects.filter(({ metadata }) => /-s\d+$/u.test(metadata.name))).toEqual([]);
  });

  it('names pods that drain as well', async () => {
    expect(specOf(await render(), 'Service', 'chat-flotilla-im')).toMatchObject({
      clusterIP: 'None',
      publishNotReadyAddresses: true,
    });
  });
});
