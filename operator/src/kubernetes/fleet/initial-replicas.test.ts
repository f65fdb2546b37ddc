import { describe, expect, test } from '@jest/globals';
import type { V1StatefulSet } from '@kubernetes/client-node';
import { wiredSet } from '../testing/over-the-wire.ts';
import { initialReplicas } from './initial-replicas.ts';

function setup(change: { spec?: object; metadata?: object; annotations?: object } = {}): V1StatefulSet {
  const annotations = { 'flotilla.im/initial-replicas': '3', ...change.annotations };
  return wiredSet({
    metadata: { name: 'im', annotations, ...change.metadata },
    spec: { replicas: 1, ...change.spec },
  });
}

const none = (): number => 0;

describe('the first count of a StatefulSet', () => {
  test('is what its annotation asks for', () => {
    expect(initialReplicas(setup(), none)).toBe(3);
  });

  test('is that of the map when the set was deleted and made anew while its pods stayed', () => {
    expect(initialReplicas(setup(), () => 5)).toBe(5);
  });

  test('is nobody’s business when it was given before, or is not asked for', () => {
    expect(initialReplicas(setup({ annotations: { 'flotilla.im/initial-replicas-set': '3' } }), none)).toBeNull();
    expect(initialReplicas(setup({ annotations: { 'flotilla.im/initial-replicas': 'many' } }), none)).toBeNull();
    expect(initialReplicas(wiredSet({ metadata: {}, spec: {} }), none)).toBeNull();
  });

  test('is nobody’s business when somebody has scaled already, even to one, or the set is being deleted', () => {
    expect(initialReplicas(setup({ spec: { replicas: 2 } }), none)).toBeNull();
    expect(initialReplicas(setup({ spec: { replicas: 0 } }), none)).toBeNull();
    const managedFields = [{ manager: 'kubectl', subresource: 'scale' }];
    expect(
      initialReplicas(setup({ metadata: { annotations: setup().metadata?.annotations, managedFields } }), none),
    ).toBeNull();
  });
});
