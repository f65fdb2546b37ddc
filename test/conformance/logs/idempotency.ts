import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import type { Suite } from '../suite.ts';
import { append, channel, inbox } from '../given.ts';

const alice = inbox('alice');

/** An application's key makes a send happen once, and names one content. */
export const idempotencySuite: Suite = (backend) => {
  describe('an idempotency key', () => {
    it('makes the same content be appended once, under the first message id and position', async () => {
      const store = await backend().createStore();
      const first = await append(store, alice, { messageId: 'first one' }, { key: 'order-42' });
      const again = await append(store, alice, { messageId: 'second' }, { key: 'order-42' });
      expect(first.outcome).toBe('appended');
      expect(again).toMatchObject({
        outcome: 'duplicate',
        position: first.position,
        messageId: 'first one',
        at: first.at,
      });
      expect((await store.logs.meta(alice)).last).toBe(1);
    });

    it('refuses other content', async () => {
      const store = await backend().createStore();
      await append(store, alice, { data: '1' }, { key: 'k' });
      const others = [{ data: '2' }, { data: '1', format: 'text' as const }, { data: '1', excludeSender: true }];
      for (const other of others) {
        await expect(append(store, alice, other, { key: 'k' })).rejects.toMatchObject({ code: 'key_conflict' });
      }
      expect((await store.logs.meta(alice)).last).toBe(1);
    });

    it('counts for one sender and one log', async () => {
      const store = await backend().createStore();
      const sends = [
        append(store, alice, { from: 'bob' }, { key: 'k' }),
        append(store, alice, { from: 'carol' }, { key: 'k' }),
        append(store, alice, { from: null }, { key: 'k' }),
        append(store, inbox('dave'), { from: 'bob' }, { key: 'k' }),
        append(store, channel('alice'), { from: 'bob' }, { key: 'k' }),
        append(store, alice, { from: 'bob' }, { key: 'k2' }),
      ];
      const outcomes = (await Promise.all(sends)).map(({ outcome }) => outcome);
      expect(outcomes).toEqual(Array.from({ length: 6 }, () => 'appended'));
    });

    it('is forgotten after its time', async () => {
      const store = await backend().createStore({ logs: { keyTtlMs: 60 } });
      await append(store, alice, { data: '1' }, { key: 'k' });
      await eventually(async () => {
        expect((await append(store, alice, { data: '2' }, { key: 'k' })).outcome).toBe('appended');
      });
    });

    it('survives that the message itself is gone', async () => {
      const store = await backend().createStore({ logs: { maxCount: 1 } });
      const first = await append(store, alice, {}, { key: 'k' });
      await append(store, alice, { data: '2' });
      expect(await append(store, alice, {}, { key: 'k' })).toMatchObject({
        outcome: 'duplicate',
        position: first.position,
      });
    });
  });
};
