import { describe, expect, it } from '@jest/globals';
import { containerOf, find, render, specOf } from './support/render.ts';

describe('availability', () => {
  it.each([['im'], ['operator']])(
    'of %s is kept by a budget that follows a scale and never blocks for ill pods',
    async (component) => {
      const objects = await render();
      expect(specOf(objects, 'PodDisruptionBudget', `chat-flotilla-${component}`)).toEqual({
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: {
          matchLabels: {
            'app.kubernetes.io/name': 'flotilla',
            'app.kubernetes.io/instance': 'chat',
            'app.kubernetes.io/component': component,
          },
        },
      });
    },
  );

  it('of shards starts and ends pods together, rolls them one by one and spreads them', async () => {
    const spec = specOf(await render(), 'StatefulSet', 'chat-flotilla-im');
    expect(spec).toMatchObject({
      podManagementPolicy: 'Parallel',
      minReadySeconds: 5,
      serviceName: 'chat-flotilla-im',
    });
    const constraints = spec.template?.spec.topologySpreadConstraints ?? [];
    expect(constraints).toHaveLength(2);
    for (const { labelSelector } of constraints) {
      expect(labelSelector).toEqual(spec['selector']);
    }
  });

  it('of shards is probed so that only a process that does not turn is killed', async () => {
    expect(containerOf(find(await render(), 'StatefulSet', 'chat-flotilla-im'))).toMatchObject({
      startupProbe: { httpGet: { path: '/healthz', port: 'http' } },
      livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
    });
  });

  it.each([
    ['StatefulSet', 'im'],
    ['Deployment', 'operator'],
    ['Deployment', 'demo'],
  ])('of %s %s outlasts a slow start', async (kind, component) => {
    const objects = await render({ values: { demo: { enabled: true } } });
    expect(containerOf(find(objects, kind, `chat-flotilla-${component}`))).toMatchObject({
      startupProbe: { periodSeconds: 1, failureThreshold: 120 },
    });
  });

  it('begins at another ordinal where one is given', async () => {
    const objects = await render({ values: { im: { ordinalsStart: 4 } } });
    expect(specOf(objects, 'StatefulSet', 'chat-flotilla-im')['ordinals']).toEqual({ start: 4 });
  });

  it('has one operator without a count, and two with one', async () => {
    const operator = async (replicas: number): Promise<unknown> =>
      specOf(await render({ values: { operator: { replicas } } }), 'Deployment', 'chat-flotilla-operator')['replicas'];
    expect(await operator(1)).toBeUndefined();
    expect(await operator(2)).toBe(2);
  });
});
