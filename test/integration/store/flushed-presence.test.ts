import { expect, it } from '@jest/globals';
import { connect, connectRequest, disconnect, presenceEvents } from '../../conformance/arrivals.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();

async function setup() {
  const redis = await fixture.redis();
  const store = await fixture.store(redis.url);
  const first = await connect(store, 'alice');
  await store.channels.join('news', 'alice');
  await store.channels.follow('news', 0, 'first-life', 'alice', null);
  await redis.command('FLUSHALL');
  return { store, first };
}

it('a client whose entry Redis lost can connect, disconnect and be asked about', async () => {
  const { store, first } = await setup();
  expect(await store.presence.isOnline(['alice'])).toEqual([false]);
  expect(await connect(store, 'alice')).toMatchObject({ isFirst: true, state: { memberships: [] } });
  expect(await disconnect(store, 'alice', first.connection)).toBe('disconnected');
  expect(await store.presence.isOnline(['alice'])).toEqual([true]);
  expect(await store.presence.sweep()).toBe(0);
});

it('its pod tells Redis again, and reaping the pod later leaves nothing behind', async () => {
  const { store, first } = await setup();
  const { connection, since } = first;
  const entry = { connection, shard: 0, incarnation: 'second-life', device: null, since };
  await store.presence.reassert('second-life', 0, [{ clientId: 'alice', entry }]);
  expect(await presenceEvents(store, 'alice')).toEqual(['online', 'connected']);
  expect(await store.presence.incarnations()).toEqual(['second-life']);
  await store.presence.reap('second-life', 0);
  expect(await store.presence.sweep()).toBe(1);
  expect(await store.presence.list(null)).toEqual({ clientIds: [], next: null });
});

it('who is on its way from another shard arrives when that one has told Redis again, not before', async () => {
  const { store, first } = await setup();
  const { connection, since } = first;
  const { life } = first.state;
  const move = { continues: connection, life };
  expect(await store.presence.connect(connectRequest('alice', move))).toEqual({
    outcome: 'refused',
    why: 'store_unavailable',
  });
  const entry = { connection, shard: 0, incarnation: 'second-life', device: null, since };
  const known = { life, channels: ['news'] };
  const [now] = await store.presence.reassert('second-life', 0, [{ clientId: 'alice', entry, known }]);
  expect(await connect(store, 'alice', { continues: connection, life: now! })).toMatchObject({
    outcome: 'connected',
    state: { life: now, memberships: [{ channel: 'news' }] },
  });
});
