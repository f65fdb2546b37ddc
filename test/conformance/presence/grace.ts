import { describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { inTime } from '../../support/in-time.ts';
import { connect, disconnect, presenceEvents } from '../arrivals.ts';
import type { Suite } from '../suite.ts';

/** Between the last connection and being offline. */
export const graceSuite: Suite = (backend) => {
  describe('reconnect grace', () => {
    test('a client is online through its grace and goes offline once', async () => {
      const graceMs = 1_000;
      const { store, connection } = await inTime(graceMs, async () => {
        const store = await backend().createStore();
        const { connection } = await connect(store, 'alice');
        await disconnect(store, 'alice', connection, { graceMs, reason: 'lost' });
        expect(await store.presence.sweep()).toBe(0);
        expect(await store.presence.isOnline(['alice'])).toEqual([true]);
        return { store, connection };
      });
      await eventually(async () => expect(await store.presence.sweep()).toBe(1));
      const counts = await Promise.all([store.presence.sweep(), store.presence.sweep()]);
      expect(counts).toEqual([0, 0]);
      expect(await store.presence.isOnline(['alice'])).toEqual([false]);
      expect(await presenceEvents(store, 'alice')).toEqual(['online', 'connected', 'disconnected', 'offline']);
      const { items } = await store.events.tail('presence', {});
      expect(items.at(-1)?.event).toMatchObject({ type: 'offline', connection, reason: 'lost' });
    });

    test('who comes back in time never was away', async () => {
      const store = await backend().createStore();
      const { connection } = await connect(store, 'alice');
      await disconnect(store, 'alice', connection, { graceMs: 700 });
      expect(await connect(store, 'alice')).toMatchObject({ isFirst: false });
      await new Promise((resolve) => setTimeout(resolve, 750));
      expect(await store.presence.sweep()).toBe(0);
      expect(await presenceEvents(store, 'alice')).toEqual(['online', 'connected', 'disconnected', 'connected']);
    });

    test('many graces that end together are all ended, each once', async () => {
      const store = await backend().createStore();
      const clients = Array.from({ length: 300 }, (_, i) => `client-${i}`);
      await Promise.all(
        clients.map(async (clientId) => {
          const { connection } = await connect(store, clientId);
          await disconnect(store, clientId, connection, { graceMs: 1 });
        }),
      );
      let offline = 0;
      await eventually(async () => {
        const counts = await Promise.all([store.presence.sweep(), store.presence.sweep()]);
        offline += counts[0] + counts[1];
        expect(offline).toBe(300);
      });
      expect(await store.presence.list(null)).toEqual({ clientIds: [], next: null });
    });

    test('asking for a disconnect ends a grace that runs', async () => {
      const store = await backend().createStore();
      const { connection } = await connect(store, 'alice');
      await disconnect(store, 'alice', connection, { graceMs: 60_000 });
      expect(await store.presence.requestDisconnect('alice', { reason: 'gone for good' })).toBe(0);
      await eventually(async () => expect(await store.presence.sweep()).toBe(1));
    });
  });
};
