import { afterEach, describe, expect, test } from '@jest/globals';
import { ApiError } from '../api/api-error.ts';
import type { ApiCall, Transport } from '../api/transport.ts';
import { mergePatch } from '../testing/object-table.ts';
import { parseExposure } from './exposure.ts';
import { createObjectStore, type ObjectStore } from './object-store.ts';
import { type DesiredObject, shardService } from './shard-objects.ts';

const resource = { group: '/api/v1', namespace: 'chat', plural: 'services' };
const how = { relistMs: 1e9, idleMs: 1e9, minBackoffMs: 1, maxBackoffMs: 1, nowMs: () => 0, random: () => 0 };
const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'im', uid: 'set' };
const given = { namePrefix: 'im-s', podNamePrefix: 'im-', publicUrl: 'wss://a/s/{shard}' };
const service = (change = {}): DesiredObject =>
  shardService(parseExposure(JSON.stringify({ ...given, ...change })), 0, owner);

const open: ObjectStore[] = [];
afterEach(async () => {
  for (const { collection } of open.splice(0)) await collection.close();
});

/** A store over an API server that makes of what is written what `make` says. */
async function setup(make: (body: object) => object = (body) => body) {
  const calls: ApiCall[] = [];
  let current: object = {};
  const transport: Pick<Transport, 'call' | 'stream'> = {
    call(call) {
      if (call.method === 'GET') return Promise.resolve({ items: [], metadata: { resourceVersion: '' } });
      calls.push(call);
      if (call.method === 'DELETE') return Promise.reject(new ApiError(404, 'gone', null));
      current = make(mergePatch(current, call.body) as object);
      return Promise.resolve(current);
    },
    stream: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended')))),
  };
  const store = createObjectStore(transport as Transport, resource, { ...how, onLost: () => undefined });
  open.push(store);
  while (!store.collection.isSynced) await new Promise((resolve) => setImmediate(resolve));
  return { store, calls };
}

describe('objects around a shard', () => {
  test('are written once, and not again while they say what they are to say', async () => {
    const { store, calls } = await setup();
    await store.ensure(service());
    await store.ensure(service());
    expect(calls.map(({ method, contentType }) => `${method} ${contentType ?? ''}`)).toEqual([
      'PATCH application/apply-patch+yaml',
    ]);
    expect(store.isThere(service())).toBe(true);
  });

  test('are written when what they are made from changes, or their owner does', async () => {
    const { store, calls } = await setup();
    await store.ensure(service());
    await store.ensure(service({ service: { port: 80 } }));
    expect(calls).toHaveLength(2);
    const other = service({ service: { port: 80 } });
    const moved = { ...other, metadata: { ...other.metadata, ownerReferences: [{ ...owner, uid: 'next' }] } };
    expect(store.isThere(moved)).toBe(false);
  });

  test('are not written without end when the API server makes something else of them', async () => {
    const { store, calls } = await setup((body) => ({
      ...body,
      spec: { ...(body as DesiredObject).spec, type: 'Other' },
    }));
    for (let i = 0; i < 5; i++) await store.ensure(service());
    expect(calls.map(({ contentType }) => contentType)).toEqual([
      'application/apply-patch+yaml',
      'application/merge-patch+json',
    ]);
  });

  test('that are gone already are removed without complaint', async () => {
    const { store, calls } = await setup();
    await store.ensure(service());
    await store.remove('im-s0');
    expect(calls.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/v1/namespaces/chat/services/im-s0' });
    expect(store.isThere(service())).toBe(false);
  });
});
