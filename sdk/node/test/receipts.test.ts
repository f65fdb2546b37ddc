import { describe, expect, test } from '@jest/globals';
import { createMemoryStore } from '@flotilla-im/store';
import type { Receipt } from '../src/index.ts';
import { fastestMs, settled, setup, startFakeShard, storeWith, take } from './setup.ts';

async function all(receipts: AsyncIterable<Receipt>): Promise<string[]> {
  const seen: string[] = [];
  for await (const { clientId, state } of receipts) seen.push(`${clientId} ${state}`);
  return seen;
}

describe('the receipts of a send', () => {
  test('say delivered as soon as the receiver confirms', async () => {
    const { im, shard } = await setup();
    await shard.connect('alice');
    const tookMs = await fastestMs(async () => {
      const sent = await im.send({ from: 'bob', to: 'alice', data: 1 });
      const position = sent.outcomes[0]?.position ?? null;
      const first = take(sent.receipts(), 1);
      await settled();
      await shard.confirm('alice', position);
      const { messageId } = sent;
      expect(await first).toEqual([{ clientId: 'alice', messageId, position, state: 'delivered' }]);
    });
    // By the hint, not by the poll a second later.
    expect(tookMs).toBeLessThan(700);
  });

  test('say offline at once where nobody is connected, and end when all are known', async () => {
    const { im, shard } = await setup();
    await shard.connect('carol');
    const sent = await im.send({ from: 'bob', to: ['alice', 'carol'], data: 1 });
    await shard.confirm('carol', sent.outcomes[1]?.position ?? null);
    expect(await all(sent.receipts())).toEqual(['alice offline', 'carol delivered']);
  });

  test('end at the timeout with what is still unknown left out', async () => {
    const { im, shard } = await setup();
    await shard.connect('alice');
    const sent = await im.send({ from: 'bob', to: ['alice', 'carol'], data: 1 });
    expect(await all(sent.receipts({ timeoutMs: 3_000 }))).toEqual(['carol offline']);
  });

  test('go on from offline to delivered when asked to', async () => {
    const { im, shard } = await setup();
    const sent = await im.send({ from: 'bob', to: 'alice', data: 1 });
    const states: string[] = [];
    for await (const { state } of sent.receipts({ untilDelivered: true, timeoutMs: 15_000 })) {
      states.push(state);
      if (state !== 'offline') continue;
      await shard.connect('alice');
      await shard.confirm('alice', sent.outcomes[0]?.position ?? null);
    }
    expect(states).toEqual(['offline', 'delivered']);
  });

  test('are found by polling when the hint is lost', async () => {
    const real = createMemoryStore({ cluster: 'chat' });
    const subscribeHint = () => Promise.reject(new Error('no subscriptions today'));
    const { im } = await setup({ store: storeWith(real, { notify: { subscribeHint } }) });
    const shard = await startFakeShard(real);
    await shard.connect('alice');
    const sent = await im.send({ from: 'bob', to: 'alice', data: 1 });
    const receipts = all(sent.receipts({ timeoutMs: 15_000 }));
    await settled();
    await shard.confirm('alice', sent.outcomes[0]?.position ?? null);
    expect(await receipts).toEqual(['alice delivered']);
  });

  test('end with aborted when the signal aborts', async () => {
    const { im, shard } = await setup();
    await shard.connect('alice');
    const sent = await im.send({ from: 'bob', to: 'alice', data: 1 });
    const receipts = all(sent.receipts({ signal: AbortSignal.timeout(20) }));
    await expect(receipts).rejects.toMatchObject({ code: 'aborted' });
  });

  test('of a live message are none', async () => {
    const { im } = await setup();
    const sent = await im.send({ from: 'bob', to: 'alice', data: 1, live: true });
    expect(await all(sent.receipts())).toEqual([]);
  });
});

describe('receipts asked for later', () => {
  test('know what happened meanwhile', async () => {
    const { im, store, shard } = await setup();
    await shard.connect('alice');
    const { outcomes } = await im.send({ from: 'bob', to: 'alice', data: 1 });
    const [{ messageId, position } = { messageId: '', position: '' }] = outcomes;
    const request = { clientId: 'alice', messageId, position: position ?? '' };
    const another = (await setup({ store })).im;
    expect(await another.receipts.state(request)).toBe('waiting');
    await shard.confirm('alice', position);
    expect(await another.receipts.state(request)).toBe('delivered');
    expect(await all(another.receipts.watch([request]))).toEqual(['alice delivered']);
  });

  test('say expired for what left the log unread', async () => {
    const store = createMemoryStore({ cluster: 'chat', logs: { maxCount: 2 } });
    const { im } = await setup({ store });
    const { outcomes, messageId } = await im.send({ from: 'bob', to: 'alice', data: 1 });
    for (const data of [2, 3, 4]) await im.send({ from: 'bob', to: 'alice', data });
    const request = { clientId: 'alice', messageId, position: outcomes[0]?.position ?? '' };
    expect(await im.receipts.state(request)).toBe('expired');
  });
});

describe('receipt events', () => {
  test('come for messages that asked for them, to a group once', async () => {
    const { im, shard } = await setup();
    await shard.connect('alice');
    const quiet = await im.send({ from: 'bob', to: 'alice', data: 1 });
    const loud = await im.send({ from: 'bob', to: ['alice', 'carol'], data: 2, receipt: true });
    await shard.confirm('alice', loud.outcomes[0]?.position ?? null);
    const events = await take(im.receipts.events({ group: 'audit' }), 2);
    const about = ({ clientId, messageId, state }: (typeof events)[number]) => `${clientId} ${messageId} ${state}`;
    expect(events.map(about).sort()).toEqual(
      [`alice ${loud.messageId} delivered`, `carol ${loud.messageId} offline`].sort(),
    );
    expect(events.map(({ messageId }) => messageId)).not.toContain(quiet.messageId);
  });
});
