import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { homeTable, parsePosition, slotRuns } from '@flotilla-im/protocol';
import { createFlotilla, type Flotilla } from '@flotilla-im/sdk';
import { createRedisStore, PARTITION_COUNT, type Store } from '@flotilla-im/store';
import { startRedisCluster } from '../redis-cluster-harness.ts';
import { startRedis } from '../redis-harness.ts';

interface Backend {
  readonly url: string;
  stop(): Promise<void>;
}

/** What a pod would do: connects clients and confirms messages. */
async function fakeShard(store: Store) {
  const incarnation = randomUUID();
  const report = { connections: 0, guests: 0, delivered: 0, epoch: 1, pace: 1, version: '0', schema: 1 };
  await store.leases.register(0, incarnation, { ...report, state: 'up' });
  const connect = async (clientId: string): Promise<string> => {
    const connection = randomUUID();
    const token = { id: randomUUID(), issuedAtMs: Date.now(), expiresAtMs: Date.now() + 10_000 };
    const where = { shard: 0, incarnation, device: null, replace: false, maxConnections: 10 };
    const { outcome } = await store.presence.connect({ clientId, connection, token, ...where });
    expect(outcome).toBe('connected');
    return connection;
  };
  const confirm = (clientId: string, position: string | null) => {
    const inbox = parsePosition(position) ?? undefined;
    if (inbox === undefined) throw new Error('no position');
    return store.presence.storeCursors(incarnation, [{ clientId, cursors: { device: null, inbox } }]);
  };
  const disconnect = (clientId: string, connection: string) =>
    store.presence.disconnect({ clientId, connection, incarnation, graceMs: 0, reason: 'closed' });
  return { connect, confirm, disconnect };
}

async function all<T>(items: AsyncIterable<T>, limit = Number.POSITIVE_INFINITY): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) if (found.push(item) >= limit) break;
  return found;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = Date.now() + 20_000;
  while (!(await holds()) && Date.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe.each<[string, () => Promise<Backend>]>([
  ['one Redis', () => startRedis()],
  ['a Redis Cluster of three', () => startRedisCluster()],
])('over %s', (_, start) => {
  let backend: Backend;
  let store: Store;
  let im: Flotilla;
  let other: Flotilla;

  beforeAll(async () => {
    backend = await start();
    store = await createRedisStore({ url: backend.url, cluster: 'chat' });
    [im, other] = await Promise.all([
      createFlotilla({ redis: backend.url, cluster: 'chat' }),
      createFlotilla({ redis: backend.url, cluster: 'chat' }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([im, other].map((each) => each.close()));
    await store.close();
    await backend.stop();
  });

  test('1,000 receivers each have the message, and a repeated key adds nothing', async () => {
    const to = Array.from({ length: 1_000 }, (__, i) => `many-${i}`);
    const message = { from: 'bob', to, data: { text: 'hi' }, key: 'order-42' };
    const sent = await im.send(message);
    expect(sent.outcomes.every(({ outcome }) => outcome === 'appended')).toBe(true);
    const again = await other.send(message);
    expect(again.outcomes.every(({ outcome }) => outcome === 'duplicate')).toBe(true);
    expect(again.messageId).toBe(sent.messageId);
    expect(await all(im.history.inbox('many-999'))).toMatchObject([{ data: { text: 'hi' }, from: 'bob' }]);
    await expect(im.send({ ...message, data: 2 })).rejects.toMatchObject({ code: 'key_conflict' });
  });

  test('receipts come by hint from another process, and as events', async () => {
    const shard = await fakeShard(store);
    await shard.connect('anna');
    const sent = await im.send({ from: 'bob', to: ['anna', 'nobody'], data: 1, receipt: true });
    setTimeout(() => void shard.confirm('anna', sent.outcomes[0]?.position ?? null), 50);
    const receipts = await all(sent.receipts());
    expect(receipts.map(({ clientId, state }) => `${clientId} ${state}`).sort()).toEqual([
      'anna delivered',
      'nobody offline',
    ]);
    const events = await all(other.receipts.events({ group: 'audit' }), 2);
    expect(events.map(({ clientId, messageId }) => [clientId, messageId]).sort()).toEqual([
      ['anna', sent.messageId],
      ['nobody', sent.messageId],
    ]);
  });

  test('presence events reach every process, and one process of a group', async () => {
    const shard = await fakeShard(store);
    const seen: string[][] = [[], [], [], []];
    const note = (i: number) => (event: { type: string; clientId: string }) =>
      void seen[i]?.push(`${event.clientId} ${event.type}`);
    const listening = [
      im.presence.on(note(0)),
      other.presence.on(note(1)),
      im.presence.on(note(2), { group: 'mailer' }),
      other.presence.on(note(3), { group: 'mailer' }),
    ];
    await Promise.all(listening.map((each) => each.ready));
    const ids = Array.from({ length: 30 }, (__, i) => `p-${i}`);
    for (const id of ids) await shard.disconnect(id, await shard.connect(id));
    const expected = ids.flatMap((id) => [`${id} offline`, `${id} online`]).sort();
    const about = (list: readonly string[]): string[] => list.filter((each) => each.startsWith('p-')).sort();
    await until(() => about(seen.flat()).length >= 180);
    await Promise.all(listening.map((each) => each.close()));
    expect(about(seen[0] ?? [])).toEqual(expected);
    expect(about(seen[1] ?? [])).toEqual(expected);
    expect(about([...(seen[2] ?? []), ...(seen[3] ?? [])])).toEqual(expected);
    for (const id of ids) {
      const order = seen[0]?.filter((each) => each.startsWith(`${id} `));
      expect(order).toEqual([`${id} online`, `${id} offline`]);
    }
  });

  test('channels are joined, listed, counted and cleared across partitions', async () => {
    const shard = await fakeShard(store);
    await shard.connect('m-1');
    const members = Array.from({ length: 60 }, (__, i) => `m-${i}`);
    await im.channels.join('news', members);
    await im.channels.join(['sport', 'weather'], 'm-1');
    expect((await other.channels.members('news').all()).sort()).toEqual(members.toSorted());
    expect((await other.channels.ofClient('m-1')).sort()).toEqual(['news', 'sport', 'weather']);
    const list = await other.channels.list().all();
    expect(list).toEqual(
      expect.arrayContaining([
        { channel: 'news', members: 60 },
        { channel: 'sport', members: 1 },
      ]),
    );
    expect(await other.channels.online('news')).toBe(1);
    expect(await im.channels.clear('news')).toBe(59);
    expect(await other.channels.count('news')).toBe(1);
    await im.channels.publish('news', { from: null, data: 1 });
    expect(await all(other.history.channel('news'))).toMatchObject([{ data: 1 }]);
  });

  test('upstream frames come to one process of a group, in order per client', async () => {
    const say = (clientId: string, n: number) =>
      store.events.append('upstream', {
        type: 'frame',
        ...{ clientId, connection: 'c', device: null, id: String(n), data: String(n), format: 'json', at: 1 },
      });
    for (let n = 0; n < 20; n += 1) await Promise.all(['u-1', 'u-2', 'u-3'].map((clientId) => say(clientId, n)));
    const seen: Record<string, unknown[]> = {};
    let count = 0;
    const both = [im, other].map((each) =>
      each.upstream.on(
        ({ clientId, data }) => {
          (seen[clientId] ??= []).push(data);
          count += 1;
        },
        { group: 'calls' },
      ),
    );
    await until(() => count >= 60);
    await Promise.all(both.map((each) => each.close()));
    const inOrder = Array.from({ length: 20 }, (__, i) => i);
    expect(seen).toEqual({ 'u-1': inOrder, 'u-2': inOrder, 'u-3': inOrder });
    expect(await im.upstream.backlog('calls')).toBe(0);
  });

  test('an iteration whose process closes gives its partitions back at once', async () => {
    const leaving = await createFlotilla({ redis: backend.url, cluster: 'chat' });
    const say = (id: string) =>
      store.events.append('upstream', {
        type: 'frame',
        ...{ clientId: 'l-1', connection: 'c', device: null, id, data: `"${id}"`, format: 'json', at: 1 },
      });
    await say('before');
    const seen: string[] = [];
    const iterating = (async () => {
      for await (const { id } of leaving.upstream.frames({ group: 'leaving' })) seen.push(id);
    })();
    await until(() => seen.includes('before'));
    await until(async () => (await im.upstream.backlog('leaving')) === 0);
    await leaving.close();
    await iterating;
    // Nobody has to wait for its leases to lapse.
    const leases = await store.events.lease('upstream', 'leaving', 'probe', 60_000);
    expect(leases).toHaveLength(PARTITION_COUNT);
    await store.events.release('probe', leases);
    await say('after');
    expect((await all(im.upstream.frames({ group: 'leaving' }), 1)).map(({ id }) => id)).toEqual(['after']);
  });

  test('a published map is followed by both processes', async () => {
    const table = slotRuns(homeTable(1));
    const shards = [{ id: 0, url: 'ws://127.0.0.1:1/s/0', state: 'up' as const }];
    await store.map.publish({ schema: 1, compatible: 1, epoch: 3, shards, home: table, owner: table });
    for (const each of [im, other]) expect((await each.fleet.current()).epoch).toBe(3);
  });
});
