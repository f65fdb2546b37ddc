import { expect, test } from '@jest/globals';
import type { Store } from '@flotilla-im/store';
import { append, channel, connectClient, inbox, listenAs } from '../../conformance/given.ts';
import { eventually } from '../../support/eventually.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();

async function dataOf(store: Store, clientId: string): Promise<string[]> {
  const { entries } = await store.logs.read(inbox(clientId), null);
  return entries.map(({ data }) => data);
}

async function commandsBy(redis: Awaited<ReturnType<typeof fixture.redis>>, run: () => Promise<unknown>) {
  const count = async (): Promise<number> =>
    Number(/cmdstat_evalsha:calls=(\d+)/u.exec(String(await redis.command('INFO', 'commandstats')))?.[1] ?? 0);
  const before = await count();
  await run();
  return (await count()) - before;
}

test('appends of one turn go in one step, in the order of the calls, each with its own answer', async () => {
  const redis = await fixture.redis();
  const store = await fixture.store(redis.url);
  await append(store, inbox('first'));
  await connectClient(store, 'zoë-🚢', 3);
  const heard = await listenAs(store, 3);
  const sends = () =>
    Promise.all([
      append(store, inbox('zoë-🚢'), { data: '"ä"' }),
      append(store, inbox('bob'), { data: '1' }, { key: 'k', receipt: true }),
      append(store, inbox('zoë-🚢'), { data: '"🚢🚢"' }),
      append(store, channel('news'), { data: '2' }, { notify: 'return' }),
      append(store, inbox('bob'), { data: '3' }, { key: 'k' }).catch((error: unknown) => error),
      append(store, inbox('zoë-🚢'), { data: '"o"' }, { isRetry: true }),
    ]);
  let answers: Awaited<ReturnType<typeof sends>> | undefined;
  const steps = await commandsBy(redis, async () => (answers = await sends()));
  expect(answers).toMatchObject([
    { outcome: 'appended', position: { offset: 1 }, online: true },
    { outcome: 'appended', position: { offset: 1 }, online: false },
    { outcome: 'appended', position: { offset: 2 } },
    { outcome: 'appended', routes: [] },
    { code: 'key_conflict' },
    { outcome: 'appended', position: { offset: 3 } },
  ]);
  expect(await dataOf(store, 'zoë-🚢')).toEqual(['"ä"', '"🚢🚢"', '"o"']);
  expect(await dataOf(store, 'bob')).toEqual(['1']);
  await eventually(() => expect(heard.items().map(({ entry }) => entry.data)).toEqual(['"ä"', '"🚢🚢"', '"o"']));
  expect(heard.items().map(({ tail }) => tail)).toEqual([1, 2, 3]);
  expect(heard.notifies).toHaveLength(1);
  // The heartbeat of the subscription and the like may run a step meanwhile.
  expect(steps).toBeLessThanOrEqual(3);
});

test('a thousand appends of one turn are a few steps, and none is lost', async () => {
  const redis = await fixture.redis();
  const store = await fixture.store(redis.url);
  await append(store, inbox('first'));
  const steps = await commandsBy(redis, () =>
    Promise.all(Array.from({ length: 1_000 }, (_, i) => append(store, inbox(`client-${i % 7}`), { data: String(i) }))),
  );
  expect(steps).toBeLessThan(25);
  const expected = Array.from({ length: 1_000 }, (_, i) => String(i)).filter((_, i) => i % 7 === 3);
  expect(await dataOf(store, 'client-3')).toEqual(expected);
});

test('a log that Redis cannot append to spoils no other append of its turn', async () => {
  const redis = await fixture.redis();
  const store = await fixture.store(redis.url);
  await append(store, inbox('spoiled'));
  const keys = (await redis.command('KEYS', '*')) as string[];
  for (const key of keys) if ((await redis.command('TYPE', key)) === 'list') await redis.command('SET', key, 'no list');
  const results = await Promise.allSettled(
    ['alice', 'spoiled', 'bob', 'alice'].map((id, i) => append(store, inbox(id), { data: String(i) })),
  );
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: { code: 'internal' } });
  expect(await dataOf(store, 'alice')).toEqual(['0', '3']);
  expect(await dataOf(store, 'bob')).toEqual(['2']);
});

test('on a cluster appends of one turn reach every partition', async () => {
  const cluster = await fixture.cluster();
  const store = await fixture.store(cluster.url);
  const clients = Array.from({ length: 100 }, (_, i) => `client-${i}`);
  await Promise.all([...clients, ...clients].map((id, i) => append(store, inbox(id), { data: String(i) })));
  for (const [i, id] of clients.entries()) expect(await dataOf(store, id)).toEqual([String(i), String(i + 100)]);
});
