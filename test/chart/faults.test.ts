import { describe, expect, it } from '@jest/globals';
import { renderFault } from './support/render.ts';

const external = { redis: { embedded: { enabled: false } } };

describe('values that cannot be', () => {
  it.each<[string, unknown, string]>([
    ['no Redis', external, 'There is no Redis'],
    ['two of Redis', { redis: { external: { url: 'redis://r' } } }, 'There are two of Redis'],
    [
      'a key of no Secret',
      { redis: { embedded: { enabled: false }, external: { url: 'redis://r', existingSecret: { passwordKey: 'p' } } } },
      'but no name',
    ],
    [
      'two addresses',
      {
        redis: {
          embedded: { enabled: false },
          external: { url: 'redis://r', existingSecret: { name: 's', urlKey: 'u' } },
        },
      },
      'choose one',
    ],
    ['a route to no Gateway', { exposure: { type: 'httpRoute', host: 'a.example' } }, 'exposure.httpRoute.parentRefs'],
    ['an exposure without an address', { exposure: { type: 'ingress' } }, 'clients need an address'],
    ['one address for all shards', { exposure: { publicUrl: 'wss://a.example' } }, '{shard} must be part of it'],
    [
      'one host for all shards',
      { exposure: { host: 'a.example', shardHost: 's.example' } },
      '{shard} must be part of it',
    ],
    ['hosts of shards alone', { exposure: { shardHost: 's{shard}.example' } }, 'set exposure.host'],
    ['a load balancer of unknown address', { shardService: { type: 'LoadBalancer' } }, 'Set exposure.publicUrl'],
    ['an HPA upside down', { autoscaling: { enabled: true, minReplicas: 9, maxReplicas: 3 } }, 'minReplicas is above'],
    ['an HPA without a measure', { autoscaling: { enabled: true, metricName: '' } }, 'nothing to go by'],
  ])('are told in a sentence: %s', async (_, values, sentence) => {
    expect(await renderFault(values)).toContain(sentence);
  });

  it('are told all at once', async () => {
    const fault = await renderFault({ ...external, exposure: { type: 'ingress' } });
    expect(fault).toContain('There is no Redis');
    expect(fault).toContain('clients need an address');
  });
});

describe('the schema', () => {
  it.each<[string, unknown]>([
    ['a typo at the top', { replicas: 3 }],
    ['a typo inside', { im: { initialReplica: 3 } }],
    ['a typo deep inside', { redis: { embedded: { persistence: { enable: true } } } }],
    ['a limit that there is not', { im: { limits: { connectionPerPod: 1 } } }],
    ['a limit out of its bounds', { im: { limits: { receivers: 1_000_000 } } }],
    ['a text for a number', { im: { initialReplicas: 'three' } }],
    ['a third operator', { operator: { replicas: 3 } }],
    ['an unknown exposure', { exposure: { type: 'route' } }],
    ['a broken digest', { im: { image: { digest: 'sha256:abc' } } }],
    ['a cluster that no store takes', { cluster: 'a b' }],
    ['an address that is no Redis', { redis: { external: { url: 'http://redis' } } }],
    ['a public address that is no WebSocket', { exposure: { publicUrl: 'https://a.example/s/{shard}' } }],
  ])('refuses %s', async (_, values) => {
    expect(await renderFault(values)).toMatch(/schema|additional propert/iu);
  });
});
