import { expect, test } from '@jest/globals';
import { FlotillaError } from '@flotilla-im/protocol';
import { createMemoryStore, type Durability, type Store } from '@flotilla-im/store';
import { createFlotilla, type DurabilityOptions } from '../src/index.ts';
import { setup } from './setup.ts';

type Confirm = (durability: Durability) => Promise<void>;

/** A store in memory that confirms as the test says. */
function confirming(confirm: Confirm): { store: Store; asked: Durability[] } {
  const memory = createMemoryStore({ cluster: 'chat' });
  const asked: Durability[] = [];
  const logs = {
    ...memory.logs,
    confirm: (_log: unknown, _master: string, durability: Durability) => {
      asked.push(durability);
      return confirm(durability);
    },
  };
  return { store: { ...memory, logs }, asked };
}

const unconfirmed = () => Promise.reject(new FlotillaError('unconfirmed', 'not in time'));
const message = { from: 'bob', to: 'alice', data: 1 };

test.each<[unknown, RegExp]>([
  [1, /durability must be an object/],
  [{ replicas: -1 }, /durability needs replicas/],
  [{ replicas: 1.5 }, /durability needs replicas/],
  [{ replicas: 17 }, /durability needs replicas/],
  [{ fsync: 'yes' }, /durability needs fsync/],
  [{ timeoutMs: 0 }, /durability needs timeoutMs/],
  [{ replica: 1 }, /durability takes no replica/],
])('%j is refused, of an instance and of a message', async (durability, text) => {
  const { store } = confirming(() => Promise.resolve());
  const given = { durability: durability as DurabilityOptions };
  await expect(createFlotilla({ store, ...given })).rejects.toThrow(text);
  const { im } = await setup({ store });
  await expect(im.send({ ...message, ...given })).rejects.toThrow(text);
});

test('a store in memory refuses to be more durable than it is', async () => {
  const refused = { code: 'bad_options' };
  const store = createMemoryStore({ cluster: 'chat' });
  await expect(createFlotilla({ store, durability: { replicas: 1 } })).rejects.toMatchObject(refused);
  const { im } = await setup({ store, durability: { replicas: 0 } });
  await expect(im.send({ ...message, durability: { fsync: true } })).rejects.toMatchObject(refused);
  await expect(im.broadcast({ from: null, data: 1, durability: { replicas: 1 } })).rejects.toMatchObject(refused);
});

test('messages ask for what the instance does, unless they say otherwise; live ones for nothing', async () => {
  const { store, asked } = confirming(() => Promise.resolve());
  const { im } = await setup({ store, durability: { replicas: 1 } });
  await im.send(message);
  await im.send({ ...message, durability: {} });
  await im.channels.publish('news', { from: null, data: 1, durability: { replicas: 2, fsync: true, timeoutMs: 50 } });
  await im.send({ ...message, live: true });
  await expect(im.send({ ...message, live: true, durability: {} })).rejects.toMatchObject({ code: 'bad_options' });
  expect(asked).toEqual([
    { replicas: 1, fsync: false, timeoutMs: 1_000 },
    { replicas: 2, fsync: true, timeoutMs: 50 },
  ]);
});

test('what is not confirmed in time is rejected at once, names the receivers, and can be completed by its key', async () => {
  const { store, asked } = confirming(unconfirmed);
  const { im } = await setup({ store, durability: { replicas: 1 } });
  const sending = im.send({ ...message, to: ['alice', 'carol'], key: 'k' });
  await expect(sending).rejects.toMatchObject({
    code: 'unconfirmed',
    retryable: true,
    details: { failed: [{ clientId: 'alice' }, { clientId: 'carol' }] },
  });
  expect(asked).toHaveLength(2);
  const { outcomes } = await im.send({ ...message, key: 'k', durability: {} });
  expect(outcomes).toMatchObject([{ outcome: 'duplicate', position: expect.stringMatching(/\.1$/) }]);
});

test('where it cannot be known the SDK appends again, and nothing is doubled', async () => {
  let failures = 2;
  const { store } = confirming(() =>
    failures-- > 0 ? Promise.reject(new FlotillaError('store_unavailable', 'another master')) : Promise.resolve(),
  );
  const { im } = await setup({ store, durability: { replicas: 1 } });
  await im.channels.publish('news', { from: null, data: 1 });
  const found: unknown[] = [];
  for await (const { data } of im.history.channel('news')) found.push(data);
  expect(found).toEqual([1]);
});

test('who waits to be confirmed holds up nobody behind it, also while the log recovers from a failure', async () => {
  let confirmFirst: () => void = () => undefined;
  const first = new Promise<void>((resolve) => (confirmFirst = resolve));
  let isFirst = true;
  const { store } = confirming(() => {
    const isLate = isFirst;
    isFirst = false;
    return isLate ? first : Promise.resolve();
  });
  let failures = 2;
  const append: Store['logs']['append'] = (given) =>
    failures-- > 0 ? Promise.reject(new FlotillaError('store_unavailable', 'away')) : store.logs.append(given);
  const { im } = await setup({ store: { ...store, logs: { ...store.logs, append } }, durability: { replicas: 1 } });
  const sends = [1, 2].map((data) => im.send({ ...message, data }));
  await sends[1];
  confirmFirst();
  const [one, two] = await Promise.all(sends);
  expect([one, two].map((sent) => sent?.outcomes[0]?.position?.split('.')[1])).toEqual(['1', '2']);
});
