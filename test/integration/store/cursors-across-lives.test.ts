import { expect, it } from '@jest/globals';
import type { Store } from '@flotilla-im/store';
import { append, connectClient, inbox } from '../../conformance/given.ts';
import { eventually } from '../../support/eventually.ts';
import { useRedis } from './redis-store-setup.ts';

const alice = inbox('alice');
const fixture = useRedis();

async function setup() {
  const redis = await fixture.redis({ appendonly: true });
  const store = await fixture.store(redis.url);
  await connectClient(store, 'alice', 0);
  const before = (await append(store, alice, {}, { receipt: true })).position;
  await redis.restart();
  const after = (await eventually(() => append(store, alice, {}, { receipt: true }))).position;
  expect(after.generation).not.toBe(before.generation);
  const confirm = (inboxCursor: typeof before) =>
    store.presence.storeCursors('life-of-0', [{ clientId: 'alice', cursors: { device: null, inbox: inboxCursor } }]);
  return { store, before, after, confirm };
}

async function delivered(store: Store): Promise<number> {
  return (await store.events.tail('receipts', {})).items.length;
}

it('a cursor of the later life of Redis wins, and one of the earlier life moves it no more', async () => {
  const { store, before, after, confirm } = await setup();
  await confirm(before);
  await confirm(after);
  await confirm({ ...before, offset: 7 });
  expect(await store.presence.cursor('alice')).toEqual(after);
});

it('confirming a message of the later life confirms those of the earlier one', async () => {
  const { store, before, after, confirm } = await setup();
  await confirm(after);
  expect(await delivered(store)).toBe(2);
  expect(await store.presence.receiptState('alice', before)).toBe('delivered');
});

it('presence, events and their groups go on after a restart', async () => {
  const { store } = await setup();
  expect(await store.presence.isOnline(['alice'])).toEqual([true]);
  expect((await store.events.tail('presence', {})).items.map(({ event }) => event.type)).toEqual([
    'online',
    'connected',
  ]);
});
