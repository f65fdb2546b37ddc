import type { Flotilla, ReceiptEvent, ReceiptRequest } from '@flotilla-im/sdk';
import { describe, expect, it } from '@jest/globals';
import { createReceipts } from './receipts.ts';

type State = 'delivered' | 'waiting' | 'offline' | 'expired';

/** As much of Flotilla as receipts use: Bob's inbox with a state for each message from Anna, and one from Carol. */
function setup(states: readonly State[]) {
  const told: unknown[] = [];
  const asked: string[] = [];
  const watched: string[] = [];
  const handlers: ((event: ReceiptEvent) => Promise<void>)[] = [];
  const data = { kind: 'text', text: 'hi', key: 'key-00000001' };
  const inbox = [
    { messageId: 'other', position: 'g.0', from: 'Carol', data },
    ...states.map((_, i) => ({ messageId: `m${i}`, position: `g.${i + 1}`, from: 'Anna', data })),
    { messageId: 'read', position: 'g.99', from: 'Anna', data: { kind: 'read', to: 'Bob', messageId: 'm0' } },
  ];
  const flotilla = {
    history: { inbox: () => inbox },
    receipts: {
      on: (handler: (event: ReceiptEvent) => Promise<void>) => {
        handlers.push(handler);
        return { close: () => Promise.resolve() };
      },
      state: ({ messageId }: ReceiptRequest) => {
        asked.push(messageId);
        return Promise.resolve(states[Number(messageId.slice(1))]);
      },
      watch: (requests: readonly ReceiptRequest[]) => {
        watched.push(...requests.map(({ messageId }) => messageId));
        return requests.map((request) => ({ ...request, state: 'delivered' }));
      },
    },
    send: (message: unknown) => {
      told.push(message);
      return Promise.resolve();
    },
  };
  const receipts = createReceipts(flotilla as unknown as Flotilla, () => undefined);
  const happens = (event: Partial<ReceiptEvent>) => handlers[0]?.(event as ReceiptEvent);
  return { receipts, told, asked, watched, happens };
}

describe('receipts that are asked for', () => {
  it("are in the sender's words, and only about the sender's messages", async () => {
    const { receipts } = setup(['delivered', 'waiting', 'offline']);
    expect(await receipts.between('Anna', 'Bob', 0)).toEqual([
      { messageId: 'm0', state: 'delivered' },
      { messageId: 'm1', state: 'sent' },
      { messageId: 'm2', state: 'offline' },
    ]);
  });

  it('are looked up from the newest on, and no further than the first that arrived', async () => {
    const { receipts, asked } = setup(['delivered', 'delivered', 'delivered', 'offline']);
    await receipts.between('Anna', 'Bob', 0);
    expect(asked).toEqual(['m3', 'm2']);
  });

  it('are waited for where something can still come', async () => {
    const { receipts, watched } = setup(['delivered', 'expired', 'offline']);
    expect(await receipts.between('Anna', 'Bob', 1_000)).toEqual([
      { messageId: 'm0', state: 'delivered' },
      { messageId: 'm1', state: 'expired' },
      { messageId: 'm2', state: 'delivered' },
    ]);
    expect(watched).toEqual(['m2']);
  });
});

describe('receipts that happen', () => {
  it('are told to the sender', async () => {
    const { told, happens } = setup([]);
    await happens({ clientId: 'Bob', from: 'Anna', messageId: 'm9', state: 'delivered' });
    const data = { kind: 'receipt', messageId: 'm9', state: 'delivered' };
    expect(told).toEqual([{ from: null, to: 'Anna', data, live: true }]);
  });

  it("are nobody's business in the sender's own inbox, or from the system", async () => {
    const { told, happens } = setup([]);
    await happens({ clientId: 'Anna', from: 'Anna', messageId: 'm9', state: 'delivered' });
    await happens({ clientId: 'Bob', from: null, messageId: 'm9', state: 'delivered' });
    expect(told).toEqual([]);
  });
});
