import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Pods, startPods, until } from './pods.ts';

describe('requests by grant', () => {
  let pods: Pods;
  beforeEach(async () => {
    pods = await startPods();
  });
  afterEach(() => pods.close());

  it('send to clients that are granted, once for one id however often it comes', async () => {
    const alice = await pods.welcomed('alice', { grants: { send: ['bob'] } });
    const bob = await pods.welcomed('bob');
    const send = { type: 'send', id: 's1', to: 'bob', data: 'hi' };
    await alice.say(send, send);
    await until(() => alice.of('reply').length === 2);
    const [first, second] = alice.of('reply');
    expect(first).toMatchObject({ re: 's1', ok: true });
    expect(second?.messageId).toBe(first?.messageId);
    await alice.say({ ...send, data: 'other' }, { ...send, id: 's2', to: 'carol' });
    await until(() => alice.of('reply').length === 4);
    expect(alice.of('reply').slice(2)).toMatchObject([
      { re: 's1', ok: false, code: 'key_conflict' },
      { re: 's2', ok: false, code: 'not_granted' },
    ]);
    expect(bob.data()).toEqual(['hi']);
  });

  it('publish to channels that are granted', async () => {
    await pods.im.channels.join('news', 'bob');
    const bob = await pods.welcomed('bob');
    const alice = await pods.welcomed('alice', { grants: { publish: ['news'] } });
    await alice.say({ type: 'publish', id: 'p1', channel: 'news', data: 1 });
    await alice.say({ type: 'publish', id: 'p2', channel: 'news', data: 2, live: true });
    await alice.say({ type: 'publish', id: 'p3', channel: 'other', data: 3 });
    await until(() => alice.of('reply').length === 3);
    expect(alice.of('reply').map(({ ok, code }) => code ?? ok)).toEqual([true, true, 'not_granted']);
    await until(() => bob.of('live').length === 1);
    expect(bob.of('message')).toMatchObject([{ channel: 'news', from: 'alice', data: 1 }]);
    expect(bob.of('live')).toMatchObject([{ channel: 'news', from: 'alice', data: 2 }]);
  });

  it('join and leave channels, with effect on this connection', async () => {
    const alice = await pods.welcomed('alice', { grants: { subscribe: true } });
    await alice.say({ type: 'subscribe', id: '1', channel: 'news' });
    await until(() => alice.of('joined').length === 1);
    await pods.im.channels.publish('news', { from: null, data: 1 });
    await until(() => alice.data('news').length === 1);
    await alice.say({ type: 'unsubscribe', id: '2', channel: 'news' });
    await until(() => alice.of('left').length === 1);
    await pods.im.channels.publish('news', { from: null, data: 2 });
    await alice.say({ type: 'subscribe', id: '3', channel: 'news' });
    await until(() => alice.of('joined').length === 2);
    await pods.im.channels.publish('news', { from: null, data: 3 });
    await until(() => alice.data('news').length === 2);
    expect(alice.data('news')).toEqual([1, 3]);
  });

  it('join so many channels and no more, unless they leave one or are members already', async () => {
    const few = await startPods({ limits: { channelsPerClient: 2 } });
    try {
      await few.im.channels.join('a', 'alice');
      const alice = await few.welcomed('alice', { grants: { subscribe: true } });
      const ask = async (type: string, channel: string) => {
        const asked = alice.of('reply').length;
        await alice.say({ type, id: String(asked), channel });
        await until(() => alice.of('reply').length > asked);
        return alice.of('reply').at(-1)?.code ?? 'done';
      };
      expect(await ask('subscribe', 'b')).toBe('done');
      await until(() => alice.of('joined').length === 1);
      expect(await ask('subscribe', 'c')).toBe('busy');
      expect(await ask('subscribe', 'b')).toBe('done');
      expect(await ask('unsubscribe', 'a')).toBe('done');
      expect(await ask('subscribe', 'c')).toBe('done');
    } finally {
      await few.close();
    }
  });

  it('speak to the business', async () => {
    const alice = await pods.welcomed('alice', { grants: { upstream: true } });
    await alice.say({ type: 'upstream', id: 'u1', data: { type: 'dialing' } });
    await until(() => alice.of('reply').length === 1);
    for await (const frame of pods.im.upstream.frames({ signal: AbortSignal.timeout(20_000) })) {
      expect(frame).toMatchObject({ clientId: 'alice', id: 'u1', format: 'json', data: { type: 'dialing' } });
      break;
    }
  });

  it('are refused without grants, all of them', async () => {
    const alice = await pods.welcomed('alice');
    await alice.say(
      { type: 'send', id: '1', to: 'alice', data: 1 },
      { type: 'publish', id: '2', channel: 'news', data: 1 },
      { type: 'upstream', id: '3', data: 1 },
      { type: 'subscribe', id: '4', channel: 'news' },
      { type: 'unsubscribe', id: '5', channel: 'news' },
    );
    await until(() => alice.of('reply').length === 5);
    for (const reply of alice.of('reply')) expect(reply).toMatchObject({ ok: false, code: 'not_granted' });
  });

  it('are answered by id although they cannot be read otherwise', async () => {
    const alice = await pods.welcomed('alice', { grants: { send: true } });
    await alice.say(
      { type: 'send', id: '1', to: '', data: 1 },
      { type: 'send', id: '2', to: 'bob' },
      { type: 'send', id: '3', to: 'bob', data: 'x'.repeat(70_000) },
      { type: 'subscribe', id: '4', channel: '$broadcast' },
    );
    await until(() => alice.of('reply').length === 4);
    expect(alice.of('reply').map(({ code }) => code)).toEqual([
      'bad_client_id',
      'bad_data',
      'data_too_large',
      'reserved_channel',
    ]);
  });

  it('with data too deep to be written again are refused, and nothing dies of them', async () => {
    const alice = await pods.welcomed('alice', { grants: { send: true, upstream: true } });
    const deep = '['.repeat(30_000) + ']'.repeat(30_000);
    alice.ws.send(`{"type":"upstream","id":"1","data":${deep}}`);
    alice.ws.send(`{"type":"send","id":"2","to":"bob","data":${deep}}`);
    await until(() => alice.of('reply').length === 2);
    expect(alice.of('reply').map(({ code }) => code)).toEqual(['bad_data', 'bad_data']);
  });

  it('of one connection are done in their order', async () => {
    const alice = await pods.welcomed('alice', { grants: { send: true } });
    const bob = await pods.welcomed('bob');
    const numbers = Array.from({ length: 60 }, (_, i) => i);
    await alice.say(...numbers.map((n) => ({ type: 'send', id: `s${n}`, to: 'bob', data: n })));
    await until(() => bob.data().length === numbers.length);
    expect(bob.data()).toEqual(numbers);
    expect(alice.of('reply').map(({ re }) => re)).toEqual(numbers.map((n) => `s${n}`));
  });

  it('go by grants that business has changed on the open connection', async () => {
    const alice = await pods.welcomed('alice');
    await pods.im.setGrants('alice', { send: true });
    let id = 0;
    await until(() => {
      void alice.say({ type: 'send', id: `s${(id += 1)}`, to: 'bob', data: 1 });
      return alice.of('reply').some(({ ok }) => ok);
    });
  });
});
