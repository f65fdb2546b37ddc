import { describe, expect, test } from '@jest/globals';
import { LOG_START } from '@flotilla-im/protocol';
import { eventually } from '../../support/eventually.ts';
import { append, connect, connectRequest, disconnect, presenceEvents } from '../arrivals.ts';
import type { Suite } from '../suite.ts';

/** What happens to those whose pod died, and to a pod that is only taken for dead. */
export const reapSuite: Suite = (backend) => {
  describe('reaping an incarnation', () => {
    test('its clients go offline once, after the grace', async () => {
      const store = await backend().createStore();
      const clients = Array.from({ length: 150 }, (_, i) => `client-${i}`);
      await Promise.all(clients.flatMap((clientId) => [connect(store, clientId), connect(store, clientId)]));
      expect(await store.presence.reap('first-life', 1)).toBe(150);
      expect(await store.presence.reap('first-life', 1)).toBe(0);
      let offline = 0;
      await eventually(async () => {
        offline += await store.presence.sweep();
        expect(offline).toBe(150);
      });
      expect(await presenceEvents(store, 'client-7')).toEqual([
        ...['online', 'connected', 'connected', 'disconnected', 'disconnected', 'offline'],
      ]);
      expect(await store.presence.isOnline(clients)).toEqual(clients.map(() => false));
    });

    test('a client with another connection elsewhere stays online', async () => {
      const store = await backend().createStore();
      await connect(store, 'alice', { incarnation: 'first-life' });
      const { connection } = await connect(store, 'alice', { incarnation: 'other' });
      expect(await store.presence.reap('first-life', 1)).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await store.presence.sweep()).toBe(0);
      expect(await store.presence.connections('alice')).toMatchObject([{ connection }]);
    });

    test('a zombie can do nothing any more, in any partition', async () => {
      const store = await backend().createStore();
      const position = await append(store, 'inbox', 'alice');
      const { connection } = await connect(store, 'alice');
      await store.presence.reap('first-life', 60_000);
      expect(await store.presence.connect(connectRequest('bob'))).toEqual({ outcome: 'refused', why: 'fenced' });
      expect(await disconnect(store, 'alice', connection)).toBe('fenced');
      const batch = [{ clientId: 'alice', cursors: { device: null, inbox: position } }];
      expect(await store.presence.storeCursors('first-life', batch)).toBe('fenced');
      expect(await store.presence.cursor('alice')).toBeNull();
      expect(await store.channels.follow('news', 0, 'first-life', null, null)).toBe('fenced');
      const entry = { connection, shard: 0, incarnation: 'first-life', device: null, since: 1 };
      const reasserted = store.presence.reassert('first-life', 0, [{ clientId: 'alice', entry }]);
      await expect(reasserted).rejects.toMatchObject({ code: 'fenced' });
      expect(await store.presence.connections('alice')).toEqual([]);
    });

    test('its interest in channels is taken away, and that of others is not', async () => {
      const store = await backend().createStore();
      await store.channels.follow('news', 0, 'first-life', null, LOG_START);
      await store.channels.follow('news', 1, 'other', null, LOG_START);
      await store.channels.follow('sport', 0, 'first-life', null, LOG_START);
      await store.presence.reap('first-life', 1);
      await append(store, 'channel', 'news');
      await append(store, 'channel', 'sport');
      const counts = async (shard: number) =>
        (await store.logs.tails(shard)).numbers.reduce((sum, tail) => sum + tail, 0);
      expect(await counts(0)).toBe(0);
      expect(await counts(1)).toBe(1);
    });

    test('incarnations that hold something can be found without their leases', async () => {
      const store = await backend().createStore();
      await connect(store, 'alice', { incarnation: 'one' });
      await store.channels.follow('news', 0, 'two', null, null);
      expect((await store.presence.incarnations()).sort()).toEqual(['one', 'two']);
      await store.presence.reap('one', 1);
      expect(await store.presence.incarnations()).toEqual(['two']);
    });
  });
};
