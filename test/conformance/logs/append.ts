import { describe, expect, it } from '@jest/globals';
import type { Suite } from '../suite.ts';
import { append, channel, inbox } from '../given.ts';

/** Every accepted message stands in its log, in order, as it was sent. */
export const appendSuite: Suite = (backend) => {
  describe('an append', () => {
    it('gives out offsets from 1 without a gap, in one generation', async () => {
      const store = await backend().createStore();
      const appended = await Promise.all([1, 2, 3, 4, 5].map(() => append(store, inbox('alice'))));
      expect(appended.map(({ position }) => position.offset)).toEqual([1, 2, 3, 4, 5]);
      expect(new Set(appended.map(({ position }) => position.generation)).size).toBe(1);
      expect(appended[0]?.position.generation).toMatch(/^[0-9a-f]{12}$/);
    });

    it('keeps the message as it was sent', async () => {
      const store = await backend().createStore();
      const said = { messageId: 'm "1" 🚀', from: 'bób|x\n', data: 'raw {"text"}\n🚀 end', excludeSender: true };
      const { position, at, messageId } = await append(store, inbox('alice'), { ...said, format: 'text' });
      const { entries } = await store.logs.read(inbox('alice'), null);
      expect(entries).toEqual([{ ...said, format: 'text', ...position, at, head: expect.any(String) }]);
      expect(JSON.parse(`{${entries[0]?.head}}`)).toEqual({ id: said.messageId, from: said.from });
      expect(messageId).toBe(said.messageId);
      expect(Math.abs(at - Date.now())).toBeLessThan(5_000);
    });

    it('takes a message from the system, without a sender', async () => {
      const store = await backend().createStore();
      await append(store, inbox('alice'), { from: null });
      const { entries } = await store.logs.read(inbox('alice'), null);
      expect(entries[0]?.from).toBeNull();
    });

    it('keeps the logs of a client, of a channel of the same name, and of others apart', async () => {
      const store = await backend().createStore();
      for (const log of [inbox('x'), channel('x'), inbox('{x}'), inbox('')]) await append(store, log, { data: '1' });
      for (const log of [inbox('x'), channel('x'), inbox('{x}'), inbox('')]) {
        expect((await store.logs.meta(log)).last).toBe(1);
      }
    });

    it('tells whether somebody was there to hear it', async () => {
      const store = await backend().createStore();
      expect((await append(store, inbox('nobody'))).online).toBe(false);
      expect((await append(store, channel('empty'))).online).toBe(false);
    });
  });
};
