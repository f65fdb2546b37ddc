import type { Flotilla, HistoryOptions } from '@flotilla-im/sdk';
import { describe, expect, it } from '@jest/globals';
import { createReads } from './reads.ts';

const TEXT = { kind: 'text', text: 'hi', key: 'key-00000001' };
const LOOKED = { from: 'Anna', id: 'm1', position: 'g.1' };

/** Bob's inbox: a message from Anna, one of his own, and one that nobody wrote. */
function setup() {
  const sent: unknown[] = [];
  const inbox = [
    { messageId: 'm1', from: 'Anna', data: TEXT },
    { messageId: 'm2', from: 'Bob', data: TEXT },
    { messageId: 'm3', from: 'Anna', data: { kind: 'read', to: 'Bob', messageId: 'm2' } },
  ];
  const flotilla = {
    history: {
      inbox: (clientId: string, { after = 'g.0' }: HistoryOptions) =>
        clientId === 'Bob' ? inbox.slice(Number(after.slice(2))).slice(0, 1) : [],
    },
    send: (message: unknown) => {
      sent.push(message);
      return Promise.resolve();
    },
  };
  return { sent, reads: createReads(flotilla as unknown as Flotilla) };
}

describe('that somebody has read', () => {
  it("is told to who wrote it and to the reader's own pages, once however many say it", async () => {
    const { sent, reads } = setup();
    await reads.tell('Bob', LOOKED);
    const data = { kind: 'read', to: 'Anna', messageId: 'm1' };
    expect(sent).toEqual([{ from: 'Bob', to: ['Anna', 'Bob'], data, key: 'read m1' }]);
  });

  it.each([
    ['who never got it', 'Carol', LOOKED],
    ['who wrote it', 'Bob', { from: 'Bob', id: 'm2', position: 'g.2' }],
    ['who names another message', 'Bob', { ...LOOKED, id: 'm9' }],
    ['who names another writer', 'Bob', { ...LOOKED, from: 'Carol' }],
    ['who names what is no message', 'Bob', { from: 'Anna', id: 'm3', position: 'g.3' }],
    ['who names a place that is empty', 'Bob', { ...LOOKED, position: 'g.7' }],
  ])('is not believed of %s', async (_, reader, looked) => {
    const { sent, reads } = setup();
    await expect(reads.tell(reader, looked)).rejects.toMatchObject({ statusCode: 404, code: 'no_message' });
    expect(sent).toEqual([]);
  });
});
