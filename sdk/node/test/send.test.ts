import { describe, expect, test } from '@jest/globals';
import type { Flotilla } from '../src/index.ts';
import { eventually, setup } from './setup.ts';

async function inbox(im: Flotilla, clientId: string) {
  const messages = [];
  for await (const message of im.history.inbox(clientId)) messages.push(message);
  return messages;
}

describe('a durable send', () => {
  test('to one client is in its inbox when it resolves', async () => {
    const { im } = await setup();
    const sent = await im.send({ from: 'bob', to: 'alice', data: { text: 'hi' } });
    const [message] = await inbox(im, 'alice');
    expect(message).toMatchObject({ from: 'bob', data: { text: 'hi' }, format: 'json', messageId: sent.messageId });
    expect(sent.outcomes).toEqual([
      {
        clientId: 'alice',
        outcome: 'appended',
        messageId: sent.messageId,
        position: message?.position,
        online: false,
        at: message?.at,
      },
    ]);
  });

  test('to many tells of each once, in the order given', async () => {
    const { im, shard } = await setup();
    await shard.connect('carol');
    const sent = await im.send({ from: null, to: ['dave', 'carol', 'dave', 'alice'], data: 1 });
    expect(sent.outcomes.map(({ clientId, outcome, online }) => [clientId, outcome, online])).toEqual([
      ['dave', 'appended', false],
      ['carol', 'appended', true],
      ['alice', 'appended', false],
    ]);
    expect(new Set(sent.outcomes.map(({ messageId }) => messageId)).size).toBe(1);
    expect(await inbox(im, 'dave')).toHaveLength(1);
  });

  test('to nobody sends nothing and succeeds', async () => {
    const { im } = await setup();
    expect((await im.send({ from: null, to: [], data: 1 })).outcomes).toEqual([]);
  });

  test('to 1,000 receivers works', async () => {
    const { im } = await setup();
    const to = Array.from({ length: 1_000 }, (_, i) => `client-${i}`);
    expect((await im.send({ from: null, to, data: 1 })).outcomes).toHaveLength(1_000);
  });

  test('of a text keeps it raw', async () => {
    const { im } = await setup();
    await im.send({ from: null, to: 'alice', data: 'plain "text"', format: 'text' });
    expect(await inbox(im, 'alice')).toMatchObject([{ format: 'text', data: 'plain "text"' }]);
  });

  test('takes null, false and 0 for what they are', async () => {
    const { im } = await setup();
    for (const data of [null, false, 0, '']) await im.send({ from: null, to: 'alice', data });
    expect((await inbox(im, 'alice')).map(({ data }) => data)).toEqual([null, false, 0, '']);
  });

  test('reaches the sender among the receivers, unless echo is off', async () => {
    const { im } = await setup();
    await im.send({ from: 'bob', to: ['alice', 'bob'], data: 1 });
    const sent = await im.send({ from: 'bob', to: ['alice', 'bob'], data: 2, echo: false });
    expect(sent.outcomes.map(({ outcome }) => outcome)).toEqual(['appended', 'skipped']);
    expect((await inbox(im, 'bob')).map(({ data }) => data)).toEqual([1]);
  });
});

describe('an idempotency key', () => {
  test('makes a repeated send add nothing, and tells of the first one', async () => {
    const { im } = await setup();
    const first = await im.send({ from: 'bob', to: ['alice', 'carol'], data: 1, key: 'order-42' });
    const again = await im.send({ from: 'bob', to: ['alice', 'carol'], data: 1, key: 'order-42' });
    expect(again.messageId).toBe(first.messageId);
    expect(again.outcomes.map(({ outcome }) => outcome)).toEqual(['duplicate', 'duplicate']);
    expect(again.outcomes.map(({ position }) => position)).toEqual(first.outcomes.map(({ position }) => position));
    expect(await inbox(im, 'alice')).toHaveLength(1);
  });

  test('with other content is a conflict', async () => {
    const { im } = await setup();
    await im.send({ from: 'bob', to: 'alice', data: 1, key: 'order-42' });
    const conflict = im.send({ from: 'bob', to: 'alice', data: 2, key: 'order-42' });
    await expect(conflict).rejects.toMatchObject({ code: 'key_conflict', retryable: false });
  });

  test('belongs to its sender and its receiver', async () => {
    const { im } = await setup();
    await im.send({ from: 'bob', to: 'alice', data: 1, key: 'k' });
    await im.send({ from: 'carol', to: 'alice', data: 2, key: 'k' });
    await im.send({ from: 'bob', to: 'dave', data: 3, key: 'k' });
    expect(await inbox(im, 'alice')).toHaveLength(2);
    expect(await inbox(im, 'dave')).toHaveLength(1);
  });
});

describe('a live send', () => {
  test('is published to the shards of the receivers and kept nowhere', async () => {
    const { im, shard } = await setup();
    await shard.connect('alice');
    const sent = await im.send({ from: 'bob', to: ['alice', 'carol'], data: { typing: true }, live: true });
    expect(sent.outcomes).toMatchObject([
      { clientId: 'alice', outcome: 'live', position: null, online: true },
      { clientId: 'carol', outcome: 'live', position: null, online: false },
    ]);
    const live = { type: 'live', entry: { from: 'bob', data: '{"typing":true}' } };
    await eventually(() => expect(shard.heard).toMatchObject([live]));
    expect(await inbox(im, 'alice')).toEqual([]);
  });
});

describe('notifies', () => {
  test('one receiver is notified of by the append', async () => {
    const { im, shard } = await setup();
    await shard.connect('alice');
    const { outcomes } = await im.send({ from: 'bob', to: 'alice', data: 1 });
    const durable = { type: 'durable', items: [{ log: { kind: 'inbox', id: 'alice' } }] };
    await eventually(() => expect(shard.heard).toMatchObject([durable]));
    expect(outcomes[0]?.online).toBe(true);
  });

  test('many receivers are notified of once a shard', async () => {
    const { im, shard } = await setup();
    await Promise.all(['alice', 'bob', 'carol'].map((clientId) => shard.connect(clientId)));
    await im.send({ from: null, to: ['alice', 'bob', 'carol', 'dave'], data: 1 });
    const items = ['alice', 'bob', 'carol'].map((id) => ({ log: { kind: 'inbox', id }, entry: { data: '1' } }));
    await eventually(() => expect(shard.heard).toMatchObject([{ type: 'durable', items }]));
  });
});
