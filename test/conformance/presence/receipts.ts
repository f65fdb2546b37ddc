import { describe, expect, test } from '@jest/globals';
import type { Position } from '@flotilla-im/protocol';
import type { ClientEvent, Store } from '@flotilla-im/store';
import { eventually } from '../../support/eventually.ts';
import { append, connect, disconnect } from '../arrivals.ts';
import type { Suite } from '../suite.ts';

async function receiptEvents(store: Store): Promise<ClientEvent[]> {
  return (await store.events.tail('receipts', {})).items.map(({ event }) => event);
}

/** What a sender is told of a message. */
export const receiptsSuite: Suite = (backend) => {
  describe('receipts', () => {
    const confirm = (store: Store, inbox: Position) =>
      store.presence.storeCursors('first-life', [{ clientId: 'alice', cursors: { device: null, inbox } }]);

    test('delivered is that a cursor passed the position, and is told once', async () => {
      const store = await backend().createStore();
      await connect(store, 'alice');
      const first = await append(store, 'inbox', 'alice', { receipt: true });
      const second = await append(store, 'inbox', 'alice', { receipt: true });
      expect(await receiptEvents(store)).toEqual([]);
      expect(await store.presence.receiptState('alice', first)).toBe('waiting');
      await confirm(store, first);
      await confirm(store, first);
      expect(await receiptEvents(store)).toMatchObject([
        { type: 'receipt', clientId: 'alice', from: 'bob', state: 'delivered', messageId: expect.any(String) },
      ]);
      expect(await store.presence.receiptState('alice', first)).toBe('delivered');
      expect(await store.presence.receiptState('alice', second)).toBe('waiting');
      await confirm(store, second);
      expect(await receiptEvents(store)).toHaveLength(2);
    });

    test('a position brought by a client that comes back is a receipt too', async () => {
      const store = await backend().createStore();
      const { connection } = await connect(store, 'alice');
      const position = await append(store, 'inbox', 'alice', { receipt: true });
      await disconnect(store, 'alice', connection);
      await connect(store, 'alice', { inboxAfter: position });
      expect(await receiptEvents(store)).toMatchObject([{ state: 'delivered' }]);
    });

    test('so are the cursors that come with the end of a connection', async () => {
      const store = await backend().createStore();
      const { connection } = await connect(store, 'alice');
      const inbox = await append(store, 'inbox', 'alice', { receipt: true });
      await disconnect(store, 'alice', connection, { cursors: { device: 'phone', inbox } });
      expect(await receiptEvents(store)).toMatchObject([{ state: 'delivered' }]);
    });

    test('a receiver without connection is offline, until it comes and confirms', async () => {
      const store = await backend().createStore();
      const position = await append(store, 'inbox', 'alice', { receipt: true });
      expect(await receiptEvents(store)).toMatchObject([{ clientId: 'alice', state: 'offline' }]);
      expect(await store.presence.receiptState('alice', position)).toBe('offline');
      await connect(store, 'alice');
      expect(await store.presence.receiptState('alice', position)).toBe('waiting');
      await confirm(store, position);
      expect(await store.presence.receiptState('alice', position)).toBe('delivered');
    });

    test('what left the log unread, or never was in it, is expired', async () => {
      const store = await backend().createStore({ logs: { maxCount: 2 } });
      const position = await append(store, 'inbox', 'alice');
      const read = await append(store, 'inbox', 'alice');
      expect(await store.presence.receiptState('alice', position)).toBe('offline');
      await append(store, 'inbox', 'alice');
      expect(await store.presence.receiptState('alice', position)).toBe('expired');
      expect(await store.presence.receiptState('alice', { ...position, offset: 9 })).toBe('expired');
      expect(await store.presence.receiptState('alice', { ...position, generation: 'ffffffffffff' })).toBe('expired');
      await confirm(store, read);
      await append(store, 'inbox', 'alice');
      expect(await store.presence.receiptState('alice', read)).toBe('delivered');
    });

    test('whoever watches is told by a hint once it is delivered', async () => {
      const store = await backend().createStore();
      await connect(store, 'alice');
      const position = await append(store, 'inbox', 'alice');
      const hints: string[] = [];
      await store.notify.subscribeHint('receipts:me', (text) => hints.push(text));
      expect(await store.presence.watchReceipt('alice', position, 'me')).toBe('waiting');
      expect(hints).toEqual([]);
      await confirm(store, position);
      await eventually(() => expect(hints).toEqual(['alice']));
      expect(await store.presence.watchReceipt('alice', position, 'me')).toBe('delivered');
    });
  });
};
