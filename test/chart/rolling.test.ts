import { describe, expect, it } from '@jest/globals';
import { render, specOf } from './support/render.ts';

async function templates(values: unknown): Promise<Record<'im' | 'operator' | 'redis', unknown>> {
  const objects = await render({ values });
  return {
    im: specOf(objects, 'StatefulSet', 'chat-flotilla-im').template,
    operator: specOf(objects, 'Deployment', 'chat-flotilla-operator').template,
    redis: specOf(objects, 'StatefulSet', 'chat-flotilla-redis').template,
  };
}

const gateway = { type: 'httpRoute', host: 'a.example', httpRoute: { parentRefs: [{ name: 'edge' }] } };

describe('pods', () => {
  it.each<[string, unknown]>([
    ['the first count of shards', { im: { initialReplicas: 9 } }],
    ['an HPA', { autoscaling: { enabled: true } }],
    ['the Services of the shards', { shardService: { annotations: { a: 'b' } } }],
    ['the public address', { exposure: { publicUrl: 'wss://a.example/s/{shard}' } }],
    ['monitoring', { monitoring: { serviceMonitor: { enabled: true } } }],
    ['annotations of objects', { commonAnnotations: { a: 'b' } }],
    ['the demo', { demo: { enabled: true } }],
  ])('are not replaced for %s', async (_, values) => {
    expect(await templates(values)).toEqual(await templates({}));
  });

  it('of operators are replaced for another kind of routes, and not for another route', async () => {
    const [none, one, other] = await Promise.all(
      [{}, { exposure: gateway }, { exposure: { ...gateway, host: 'b.example' } }].map(templates),
    );
    expect(one?.operator).not.toEqual(none?.operator);
    expect(other?.operator).toEqual(one?.operator);
    expect(one?.redis).toEqual(none?.redis);
  });

  it.each<['im' | 'operator' | 'redis', unknown]>([
    ['im', { im: { limits: { receivers: 10 } } }],
    ['im', { im: { allowedOrigins: ['https://a.example'] } }],
    ['operator', { operator: { failoverAfterMs: 3_000 } }],
    ['redis', { redis: { embedded: { appendfsync: 'always' } } }],
  ])('of %s are replaced for what they read once', async (component, values) => {
    expect((await templates(values))[component]).not.toEqual((await templates({}))[component]);
  });
});
