import { describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { connect, presenceEvents } from '../arrivals.ts';
import type { Suite } from '../suite.ts';

/** A pod tells a store what it should know. */
export const reassertSuite: Suite = (backend) => {
  describe('reasserting connections', () => {
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
  });
};
