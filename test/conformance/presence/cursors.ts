import { describe, expect, test } from '@jest/globals';
import { LOG_START, type Position } from '@flotilla-im/protocol';
import type { Cursors, Store } from '@flotilla-im/store';
import { append, connect, disconnect } from '../arrivals.ts';
import type { Suite } from '../suite.ts';

/** Where a client and each of its devices go on. */
export const cursorsSuite: Suite = (backend) => {
  describe('cursors', () => {
    async function setup(messages: number) {
      const store = await backend().createStore();
      const positions: Position[] = [];
      for (let i = 0; i < messages; i++) positions.push(await append(store, 'inbox', 'alice'));
      const at = (offset: number) => positions[offset - 1] ?? LOG_START;
      return { store, at };
    }
    const keep = (store: Store, cursors: Cursors) =>
      store.presence.storeCursors('first-life', [{ clientId: 'alice', cursors }]);
    const startOf = async (store: Store, device: string | null) =>
      (await connect(store, 'alice', { device })).inbox.start;

    test('a client goes on where it confirmed', async () => {
      const { store, at } = await setup(3);
      expect(await store.presence.cursor('alice')).toBeNull();
      expect(await keep(store, { device: null, inbox: at(2) })).toBe('stored');
      expect(await store.presence.cursor('alice')).toEqual(at(2));
      const { inbox } = await connect(store, 'alice');
      expect(inbox.start).toEqual(at(2));
      expect(inbox.entries.map(({ offset }) => offset)).toEqual([3]);
    });

    test('they never go back, and never beyond what was given out', async () => {
      const { store, at } = await setup(3);
      await keep(store, { device: 'phone', inbox: at(2) });
      await keep(store, { device: 'phone', inbox: at(1) });
      await keep(store, { device: 'phone', inbox: { ...at(3), offset: 4 } });
      await keep(store, { device: 'phone', inbox: { generation: 'ffffffffffff', offset: 3 } });
      await keep(store, { device: 'phone', inbox: LOG_START });
      expect(await store.presence.cursor('alice')).toEqual(at(2));
      expect(await startOf(store, 'phone')).toEqual(at(2));
    });

    test('each device has its own; the client stands where the furthest is', async () => {
      const { store, at } = await setup(3);
      await keep(store, { device: 'phone', inbox: at(3) });
      await keep(store, { device: 'tablet', inbox: at(1) });
      expect(await store.presence.cursor('alice')).toEqual(at(3));
      expect(await startOf(store, 'tablet')).toEqual(at(1));
      expect(await startOf(store, null)).toEqual(at(3));
      expect(await startOf(store, 'a new one')).toEqual(at(3));
    });

    test('a new device keeps its place from its first connect on', async () => {
      const { store, at } = await setup(3);
      await keep(store, { device: null, inbox: at(1) });
      expect(await startOf(store, 'tablet')).toEqual(at(1));
      await keep(store, { device: null, inbox: at(3) });
      expect(await startOf(store, 'tablet')).toEqual(at(1));
    });

    test('a new device that confirms no place of the inbox is where the client is', async () => {
      const { store, at } = await setup(3);
      await keep(store, { device: null, inbox: at(2) });
      await keep(store, { device: 'phone' });
      await keep(store, { device: 'tablet', inbox: { generation: 'ffffffffffff', offset: 3 } });
      await keep(store, { device: null, inbox: at(3) });
      expect(await startOf(store, 'phone')).toEqual(at(2));
      expect(await startOf(store, 'tablet')).toEqual(at(2));
    });

    test('the position a client brings wins, and counts as confirmed', async () => {
      const { store, at } = await setup(3);
      await keep(store, { device: null, inbox: at(1) });
      const { inbox } = await connect(store, 'alice', { inboxAfter: at(2) });
      expect(inbox).toMatchObject({ start: at(2), recovered: true });
      expect(await store.presence.cursor('alice')).toEqual(at(2));
    });

    test('a position that nobody gave out is not recovered, and is no confirmation', async () => {
      const { store, at } = await setup(2);
      const unknown = await connect(store, 'alice', { inboxAfter: { generation: 'ffffffffffff', offset: 1 } });
      expect(unknown.inbox).toMatchObject({ recovered: false });
      const future = await connect(store, 'alice', { inboxAfter: { ...at(2), offset: 9 } });
      expect(future.inbox).toMatchObject({ recovered: false });
      expect(await store.presence.cursor('alice')).toBeNull();
    });

    test('who brings no position and whose log was lost is told so when he comes back', async () => {
      const { store } = await setup(1);
      const { connection } = await connect(store, 'alice');
      const lost = { generation: 'ffffffffffff', offset: 3 };
      await disconnect(store, 'alice', connection, { cursors: { device: null, inbox: lost } });
      expect((await connect(store, 'alice')).inbox).toMatchObject({ recovered: false });
      expect(await store.presence.cursor('alice')).toEqual(lost);
      const confirmed = await append(store, 'inbox', 'alice');
      await keep(store, { device: null, inbox: confirmed });
      await keep(store, { device: null, inbox: lost });
      expect((await connect(store, 'alice')).inbox).toMatchObject({ start: confirmed, recovered: true });
    });

    test('the sixteen devices used last are remembered', async () => {
      const { store, at } = await setup(2);
      await keep(store, { device: null, inbox: at(1) });
      for (let i = 0; i < 17; i++) {
        await keep(store, { device: `device-${i}`, inbox: at(1) });
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      await keep(store, { device: null, inbox: at(2) });
      expect(await startOf(store, 'device-1')).toEqual(at(1));
      expect(await startOf(store, 'device-0')).toEqual(at(2));
    });

    test('channel cursors are kept for named devices, of channels that the client belongs to', async () => {
      const { store } = await setup(0);
      await store.channels.join('news', 'alice');
      const channels = { news: await append(store, 'channel', 'news'), other: await append(store, 'channel', 'other') };
      await keep(store, { device: 'phone', channels });
      await keep(store, { device: null, channels });
      expect((await connect(store, 'alice', { device: 'phone' })).channelCursors).toEqual({ news: channels.news });
      expect((await connect(store, 'alice', { device: 'tablet' })).channelCursors).toEqual({});
      await keep(store, { device: 'phone', channels: { news: { ...channels.news, offset: 0 } } });
      expect((await connect(store, 'alice', { device: 'phone' })).channelCursors).toEqual({ news: channels.news });
    });

    test('those that come with a disconnect are stored with it, also when it is told again', async () => {
      const { store, at } = await setup(2);
      const { connection } = await connect(store, 'alice');
      await disconnect(store, 'alice', connection, { cursors: { device: null, inbox: at(1) } });
      expect(await store.presence.cursor('alice')).toEqual(at(1));
      await disconnect(store, 'alice', connection, { cursors: { device: null, inbox: at(2) } });
      expect(await store.presence.cursor('alice')).toEqual(at(2));
    });

    test('a batch of many clients is stored whole', async () => {
      const { store } = await setup(0);
      const clients = Array.from({ length: 200 }, (_, i) => `client-${i}`);
      const batch = await Promise.all(
        clients.map(async (clientId) => {
          return { clientId, cursors: { device: null, inbox: await append(store, 'inbox', clientId) } };
        }),
      );
      expect(await store.presence.storeCursors('first-life', batch)).toBe('stored');
      const stored = await Promise.all(clients.map((clientId) => store.presence.cursor(clientId)));
      expect(stored).toEqual(batch.map(({ cursors }) => cursors.inbox));
    });
  });
};
