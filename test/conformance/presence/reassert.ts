import { describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { LOG_START } from '@flotilla-im/protocol';
import { append, connect, disconnect, presenceEvents } from '../arrivals.ts';
import type { Suite } from '../suite.ts';

/** A pod tells a store what it should know. */
export const reassertSuite: Suite = (backend) => {
  describe('reasserting connections', () => {
    const token = { issuedAtMs: Date.now(), expiresAtMs: Date.now() + 10_000 };
    const confirmedAtStart = { joinedAt: LOG_START, isConfirmed: true };
    const entry = { connection: 'c', shard: 2, incarnation: 'second-life', device: 'phone', since: 17 };

    test('a store without memory of them learns them again and tells that they are online', async () => {
      const store = await backend().createStore();
      await store.presence.reassert('second-life', 2, [{ clientId: 'alice', entry, metadata: '{"ip":"::1"}' }]);
      expect(await store.presence.connections('alice')).toEqual([entry]);
      expect(await presenceEvents(store, 'alice')).toEqual(['online', 'connected']);
      const { items } = await store.events.tail('presence', {});
      expect(items[0]?.event).toMatchObject({ metadata: { ip: '::1' } });
    });

    test('one that is present is no event', async () => {
      const store = await backend().createStore();
      const { connection, since } = await connect(store, 'alice');
      const known = { connection, shard: 0, incarnation: 'first-life', device: null, since };
      await store.presence.reassert('first-life', 0, [{ clientId: 'alice', entry: known }]);
      expect(await presenceEvents(store, 'alice')).toEqual(['online', 'connected']);
    });

    test('a pod takes its connections along into a new incarnation, and the old one can be reaped', async () => {
      const store = await backend().createStore();
      const { connection, since } = await connect(store, 'alice');
      const taken = { connection, shard: 0, incarnation: 'second-life', device: null, since };
      await store.presence.reassert('second-life', 0, [{ clientId: 'alice', entry: taken }]);
      expect(await store.presence.reap('first-life', 1)).toBe(0);
      expect(await store.presence.connections('alice')).toEqual([taken]);
      expect(await store.presence.reap('second-life', 1)).toBe(1);
    });

    test('one that had been taken for dead comes back with events', async () => {
      const store = await backend().createStore();
      const { connection, since } = await connect(store, 'alice');
      await store.presence.reap('first-life', 1);
      await eventually(async () => expect(await store.presence.sweep()).toBe(1));
      const taken = { connection, shard: 0, incarnation: 'second-life', device: null, since };
      await store.presence.reassert('second-life', 0, [{ clientId: 'alice', entry: taken }]);
      const expected = ['online', 'connected', 'disconnected', 'offline', 'online', 'connected'];
      expect(await presenceEvents(store, 'alice')).toEqual(expected);
    });

    test('memberships of connected clients that an emptied store lost are there again, on both sides', async () => {
      const store = await backend().createStore();
      const tail = await append(store, 'channel', 'news');
      const known = { life: 'ffffffffffff', channels: ['news', 'sport'] };
      const [life] = await store.presence.reassert('second-life', 2, [{ clientId: 'alice', entry, known }]);
      const state = await store.presence.refresh('alice');
      expect(state.life).toBe(life);
      expect(state.memberships).toEqual(['news', 'sport'].map((channel) => ({ channel, ...confirmedAtStart })));
      expect((await store.channels.members('news', null)).clientIds).toEqual(['alice']);
      // What the log holds was said while the client was a member.
      const slice = await store.channels.follow('news', 2, 'second-life', 'alice', LOG_START);
      expect(slice).toMatchObject({ entries: [tail] });
    });

    test('one that learnt its memberships in this life of the store restores none', async () => {
      const store = await backend().createStore();
      const { life } = await store.presence.refresh('alice');
      const asserted = { clientId: 'alice', entry, known: { life, channels: ['news'] } };
      await store.presence.reassert('second-life', 2, [asserted]);
      expect(await store.channels.ofClient('alice')).toEqual([]);
    });

    test('what was left or joined since the store was emptied stands', async () => {
      const store = await backend().createStore();
      const known = { life: 'ffffffffffff', channels: ['news', 'sport', 'chess'] };
      await append(store, 'channel', 'chess');
      const { position } = await store.channels.join('chess', 'alice');
      expect(await store.channels.leave('news', 'alice')).toBe(false);
      await store.presence.reassert('second-life', 2, [{ clientId: 'alice', entry, known }]);
      expect(await store.channels.leave('sport', 'alice')).toBe(true);
      // Another shard of the client comes later.
      await store.presence.reassert('other', 3, [{ clientId: 'alice', entry: { ...entry, connection: 'd' }, known }]);
      const { memberships } = await store.presence.refresh('alice');
      expect(memberships).toEqual([{ channel: 'chess', joinedAt: position, isConfirmed: true }]);
      expect(await store.channels.count('news')).toBe(0);
      expect((await store.channels.join('news', 'alice')).joined).toBe(true);
    });

    test('one whose end was told does not come back by a reassert that arrives after it', async () => {
      const store = await backend().createStore();
      const { connection, since } = await connect(store, 'alice', { token: { ...token, id: 'its token' } });
      const ended = { token: 'its token', isDoubtful: true };
      await disconnect(store, 'alice', connection, ended);
      const taken = { connection, shard: 0, incarnation: 'second-life', device: null, since };
      await store.presence.reassert('second-life', 0, [{ clientId: 'alice', entry: taken, token: 'its token' }]);
      expect(await store.presence.connections('alice')).toEqual([]);
      expect(await store.presence.isOnline(['alice'])).toEqual([false]);
    });

    test('the end of one that an emptied store forgot is told, once and after a grace', async () => {
      const store = await backend().createStore();
      const known = { life: 'ffffffffffff', shard: 2, device: 'phone', graceMs: 30 };
      const bye = { incarnation: 'second-life', reason: 'closed by the client', token: 'its token', known };
      await disconnect(store, 'alice', 'c', bye);
      expect(await store.presence.isOnline(['alice'])).toEqual([true]);
      await eventually(async () => expect(await store.presence.sweep()).toBe(1));
      // Its pod may not have heard the answer.
      await disconnect(store, 'alice', 'c', bye);
      expect(await store.presence.isOnline(['alice'])).toEqual([false]);
      expect(await presenceEvents(store, 'alice')).toEqual(['disconnected', 'offline']);
      const { items } = await store.events.tail('presence', {});
      expect(items[1]?.event).toMatchObject({ shard: 2, device: 'phone', reason: 'closed by the client' });
    });

    test('the end of one that was taken away in this life of the store is told no second time', async () => {
      const store = await backend().createStore();
      const { connection, state } = await connect(store, 'alice');
      await disconnect(store, 'alice', connection);
      const known = { life: state.life, shard: 0, device: null, graceMs: 30 };
      await disconnect(store, 'alice', connection, { token: 'its token', known });
      expect(await presenceEvents(store, 'alice')).toEqual(['online', 'connected', 'disconnected', 'offline']);
    });
  });
};
