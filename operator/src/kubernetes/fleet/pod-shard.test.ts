import { describe, expect, test } from '@jest/globals';
import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import { wiredPod, wiredSet } from '../testing/over-the-wire.ts';
import { ordinalOf, podSelector, shardOfPod, wantedOf } from './pod-shard.ts';

const set = (spec: object = {}): V1StatefulSet => wiredSet({ metadata: { name: 'chat-im' }, spec });
const pod = (status: object = {}, metadata: object = {}): V1Pod =>
  wiredPod({ metadata: { name: 'chat-im-2', uid: 'u', ...metadata }, status: { phase: 'Running', ...status } });
const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
const container = (state: object, restartCount = 0): object => ({
  containerStatuses: [
    { name: 'proxy', restartCount: 9, state: { running: {} } },
    { name: 'im', restartCount, state },
  ],
});

describe('a pod as a shard', () => {
  test('has its ordinal from its name, and pods of others have none', () => {
    const names = ['chat-im-12', 'chat-im-01', 'chat-im-x', 'chat-im', 'chat-im-s-1', 'other-1'];
    expect(names.map((name) => ordinalOf(pod({}, { name }), set()))).toEqual([12, null, null, null, null, null]);
  });

  test('is ready by its condition, and leaving by its deletion', () => {
    expect(shardOfPod(pod(ready), 2, 'im')).toMatchObject({ ready: true, present: true, deleting: false });
    expect(shardOfPod(pod({}), 2, 'im')).toMatchObject({ ready: false });
    expect(shardOfPod(pod(ready, { deletionTimestamp: '2026-01-01T00:00:00Z' }), 2, 'im')).toMatchObject({
      deleting: true,
    });
  });

  test('is not there when the pod has ended for good, or its process has ended and was not started again', () => {
    const present = (status: object): boolean => shardOfPod(pod(status), 2, 'im').present;
    expect(present({ phase: 'Failed' })).toBe(false);
    expect(present(container({ terminated: { exitCode: 137 } }))).toBe(false);
    expect(present(container({ waiting: { reason: 'CrashLoopBackOff' } }, 3))).toBe(false);
    expect(present(container({ waiting: { reason: 'ContainerCreating' } }))).toBe(true);
    expect(present(container({ running: {} }, 3))).toBe(true);
  });

  test('lives another life when its pod is replaced or its process started again', () => {
    const lifeOf = (status: object, metadata = {}): unknown => shardOfPod(pod(status, metadata), 2, 'im').life;
    expect(lifeOf(container({ running: {} }, 1))).toEqual({ id: 'u', starts: 1 });
    expect(lifeOf(container({ running: {} }), { uid: 'v' })).toEqual({ id: 'v', starts: 0 });
  });
});

describe('what a StatefulSet wants', () => {
  test('is its replicas, from its first ordinal on', () => {
    expect(wantedOf(set())).toEqual({ desired: 1, firstId: 0 });
    expect(wantedOf(set({ replicas: 0, ordinals: { start: 5 } }))).toEqual({ desired: 0, firstId: 5 });
  });

  test('finds its pods by its selector', () => {
    const matchExpressions = [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'old', operator: 'DoesNotExist' },
    ];
    expect(podSelector(set({ selector: { matchLabels: { app: 'im' }, matchExpressions } }))).toBe(
      'app=im,tier in (a,b),!old',
    );
  });
});
