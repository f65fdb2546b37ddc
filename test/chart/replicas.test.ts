import { describe, expect, it } from '@jest/globals';
import { ciValues, find, render, specOf } from './support/render.ts';

const ANNOTATION = 'flotilla.im/initial-replicas';

describe('the number of shards', () => {
  it.each([...ciValues.keys()])('is never rendered with ci/%s', async (name) => {
    const objects = await render({ values: ciValues.get(name) });
    const sets = objects.filter(({ kind }) => kind === 'StatefulSet');
    expect(sets).not.toEqual([]);
    for (const { spec } of sets) expect(spec).not.toHaveProperty('replicas');
  });

  it('is an annotation for the very first start', async () => {
    const set = find(await render({ values: { im: { initialReplicas: 7 } } }), 'StatefulSet', 'chat-flotilla-im');
    expect(set.metadata.annotations).toEqual({ [ANNOTATION]: '7' });
  });

  it('is an HPA’s alone where there is one', async () => {
    const objects = await render({ values: { autoscaling: { enabled: true, minReplicas: 4 } } });
    expect(find(objects, 'StatefulSet', 'chat-flotilla-im').metadata.annotations).toBeUndefined();
    expect(specOf(objects, 'HorizontalPodAutoscaler', 'chat-flotilla-im')).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'chat-flotilla-im' },
      minReplicas: 4,
      metrics: [
        { type: 'Pods', pods: { metric: { name: 'flotilla_im_connections' }, target: { averageValue: '20000' } } },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 900, policies: [{ type: 'Pods', value: 1 }] } },
    });
  });
});
