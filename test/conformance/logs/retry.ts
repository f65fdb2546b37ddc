import { describe, expect, it } from '@jest/globals';
import { encodeEntry } from '@flotilla-im/store';
import { eventually } from '../../support/eventually.ts';
import type { Suite } from '../suite.ts';
import { append, connectClient, inbox, listenAs, message } from '../given.ts';

const alice = inbox('alice');

/** A caller that does not know whether its append ran may repeat it and say so. */
export const retrySuite: Suite = (backend) => {
  describe('a retry', () => {
    it('finds the message that is there', async () => {
      const store = await backend().createStore();
      const entry = encodeEntry(message({ messageId: 'm,"from":1', from: 'bób' }));
      const first = await store.logs.append({ log: alice, entry, notify: 'publish' });
      for (let i = 0; i < 200; i++) await append(store, alice);
      const again = await store.logs.append({ log: alice, entry, notify: 'publish', isRetry: true });
      expect(again).toEqual({ ...first, outcome: 'duplicate' });
      expect((await store.logs.meta(alice)).last).toBe(201);
    });

    it('appends the message that is not there', async () => {
      const store = await backend().createStore();
      await append(store, alice, { messageId: 'm-1' });
      expect(await append(store, alice, { messageId: 'm' }, { isRetry: true })).toMatchObject({
        outcome: 'appended',
        position: { offset: 2 },
      });
    });

    it('that overtook its first attempt is not doubled by it', async () => {
      const store = await backend().createStore();
      await append(store, alice);
      const entry = encodeEntry(message({ messageId: 'm-1' }));
      const retried = await store.logs.append({ log: alice, entry, notify: 'publish', isRetry: true });
      await append(store, alice);
      expect(await store.logs.append({ log: alice, entry, notify: 'publish' })).toEqual({
        ...retried,
        outcome: 'duplicate',
      });
      expect((await store.logs.meta(alice)).last).toBe(3);
      expect(await append(store, alice, { messageId: 'm-2' })).toMatchObject({ outcome: 'appended' });
    });

    it('is not taken in by another message that quotes its id', async () => {
      const store = await backend().createStore();
      const quote = '"id":"m-1","from":"bob"';
      await append(store, alice, { messageId: 'm-2', data: `\n${quote}`, format: 'text' });
      await append(store, alice, { messageId: 'm-11' });
      await append(store, alice, { messageId: 'x', from: quote });
      const { outcome } = await append(store, alice, { messageId: 'm-1' }, { isRetry: true });
      expect(outcome).toBe('appended');
    });

    it('of a message to many gets its routes again, with newer tails', async () => {
      const store = await backend().createStore();
      await connectClient(store, 'alice', 3);
      const entry = encodeEntry(message());
      const first = await store.logs.append({ log: alice, entry, notify: 'return' });
      const again = await store.logs.append({ log: alice, entry, notify: 'return', isRetry: true });
      expect(first.routes).toEqual([{ shard: 3, tail: expect.any(Number) }]);
      expect(again.routes).toEqual([{ shard: 3, tail: (first.routes[0]?.tail ?? 0) + 1 }]);
    });

    it('is not told to the shards a second time', async () => {
      const store = await backend().createStore();
      await connectClient(store, 'alice', 3);
      const heard = await listenAs(store, 3);
      const entry = encodeEntry(message());
      await store.logs.append({ log: alice, entry, notify: 'publish' });
      await store.logs.append({ log: alice, entry, notify: 'publish', isRetry: true });
      await append(store, alice, { data: '"last"' });
      const items = await eventually(() => {
        expect(heard.items().at(-1)?.entry.data).toBe('"last"');
        return heard.items();
      });
      expect(items.map((item) => item.entry.offset)).toEqual([1, 2]);
    });
  });
};
