import { describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { connect, connectRequest, disconnect, presenceEvents } from '../arrivals.ts';
import type { Suite } from '../suite.ts';

/** First and last, each connection, and what is no event. */
export const presenceEventsSuite: Suite = (backend) => {
  describe('presence events', () => {
    test('two tabs are one client: online with the first, offline with the last', async () => {
      const store = await backend().createStore();
      const first = await connect(store, 'alice');
      const second = await connect(store, 'alice');
      await disconnect(store, 'alice', first.connection);
      await disconnect(store, 'alice', second.connection);
      const expected = ['online', 'connected', 'connected', 'disconnected', 'disconnected', 'offline'];
      expect(await presenceEvents(store, 'alice')).toEqual(expected);
    });

    test('events carry who, where, why and the metadata', async () => {
      const store = await backend().createStore();
      const where = { shard: 7, device: 'phone' };
      const { connection } = await connect(store, 'alice', { ...where, metadata: '{"ip":"::1"}' });
      await disconnect(store, 'alice', connection, { reason: 'bye' });
      const { items } = await store.events.tail('presence', {});
      const about = { clientId: 'alice', connection, ...where, metadata: { ip: '::1' } };
      expect(items.map(({ event }) => event)).toEqual([
        { ...about, type: 'online', reason: null, at: expect.any(Number) },
        { ...about, type: 'connected', reason: null, at: expect.any(Number) },
        { ...about, type: 'disconnected', reason: 'bye', at: expect.any(Number) },
        { ...about, type: 'offline', reason: 'bye', at: expect.any(Number) },
      ]);
    });

    test('the metadata of an earlier stay is forgotten', async () => {
      const store = await backend().createStore();
      const { connection } = await connect(store, 'alice', { metadata: '{"ip":"::1"}' });
      await disconnect(store, 'alice', connection);
      await connect(store, 'alice');
      const { items } = await store.events.tail('presence', {});
      expect(items.at(-1)?.event).not.toHaveProperty('metadata');
    });

    test('a connect that is repeated after a lost reply is told once', async () => {
      const store = await backend().createStore();
      const request = connectRequest('alice');
      await store.presence.connect(request);
      await store.presence.connect(request);
      expect(await presenceEvents(store, 'alice')).toEqual(['online', 'connected']);
    });

    test('a move is no event, in whatever order its ends are heard of', async () => {
      const store = await backend().createStore();
      const old = await connect(store, 'alice', { shard: 0 });
      const young = await connect(store, 'alice', { shard: 1, continues: old.connection });
      await disconnect(store, 'alice', old.connection, { reason: 'moved' });
      expect(await presenceEvents(store, 'alice')).toEqual(['online', 'connected']);
      await disconnect(store, 'alice', young.connection);
      expect(await presenceEvents(store, 'alice')).toEqual(['online', 'connected', 'disconnected', 'offline']);
    });

    test('ending a connection twice is told once', async () => {
      const store = await backend().createStore();
      const { connection } = await connect(store, 'alice');
      await disconnect(store, 'alice', connection);
      expect(await disconnect(store, 'alice', connection)).toBe('disconnected');
      expect(await presenceEvents(store, 'alice')).toEqual(['online', 'connected', 'disconnected', 'offline']);
    });

    test('the connection of another incarnation is never ended', async () => {
      const store = await backend().createStore();
      const { connection } = await connect(store, 'alice', { incarnation: 'second-life' });
      await disconnect(store, 'alice', connection, { incarnation: 'first-life' });
      expect(await store.presence.connections('alice')).toHaveLength(1);
    });

    test('whoever waits for events is woken with the stream and the partition', async () => {
      const store = await backend().createStore();
      const hints: string[] = [];
      await store.notify.subscribeHint('events', (text) => hints.push(text));
      await connect(store, 'alice');
      const { items } = await store.events.tail('presence', {});
      await eventually(() => expect(hints).toContain(`presence ${items[0]?.partition}`));
    });
  });
};
