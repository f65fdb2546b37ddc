import { describe, expect, test } from '@jest/globals';
import { createMemoryStore } from '@flotilla-im/store';
import { FlotillaError, MembershipError } from '../src/index.ts';
import { eventually, setup, storeWith } from './setup.ts';

describe('membership', () => {
  test('one client joins and leaves many channels, many clients one channel', async () => {
    const { im } = await setup();
    await im.channels.join('news', ['alice', 'carol', 'alice']);
    await im.channels.join(['sport', 'weather'], 'alice');
    expect((await im.channels.ofClient('alice')).sort()).toEqual(['news', 'sport', 'weather']);
    expect((await im.channels.members('news').all()).sort()).toEqual(['alice', 'carol']);
    await im.channels.leave(['news', 'sport'], 'alice');
    await im.channels.leave('news', ['carol']);
    expect(await im.channels.ofClient('alice')).toEqual(['weather']);
    expect(await im.channels.count('news')).toBe(0);
  });

  test('joining and leaving twice changes nothing, and says so', async () => {
    const { im } = await setup();
    const [first] = await im.channels.join('news', 'alice');
    const [again] = await im.channels.join('news', 'alice');
    expect([first?.joined, again?.joined]).toEqual([true, false]);
    expect(again?.position).toBe(first?.position);
    expect(await im.channels.leave('news', 'alice')).toEqual([{ channel: 'news', clientId: 'alice', left: true }]);
    expect(await im.channels.leave('news', 'alice')).toEqual([{ channel: 'news', clientId: 'alice', left: false }]);
  });

  test('of nobody or in nothing is nothing', async () => {
    const { im } = await setup();
    expect(await im.channels.join('news', [])).toEqual([]);
    expect(await im.channels.leave([], 'alice')).toEqual([]);
  });

  test('takes at most 1,000 pairs a call', async () => {
    const { im } = await setup();
    const clients = Array.from({ length: 501 }, (_, i) => `client-${i}`);
    await expect(im.channels.join(['a', 'b'], clients)).rejects.toMatchObject({ code: 'too_many_receivers' });
  });

  test('that fails for some tells which, and can be repeated', async () => {
    const real = createMemoryStore({ cluster: 'chat' });
    let isDown = true;
    const join = (channel: string, clientId: string) =>
      isDown && clientId === 'carol'
        ? Promise.reject(new FlotillaError('store_unavailable'))
        : real.channels.join(channel, clientId);
    const { im } = await setup({ store: storeWith(real, { channels: { join } }) });
    const joining = im.channels.join('news', ['alice', 'carol'], { deadlineMs: 1_500 });
    const error = (await joining.catch((e: unknown) => e)) as MembershipError;
    expect(error).toBeInstanceOf(MembershipError);
    expect(error).toMatchObject({ code: 'store_unavailable', retryable: true });
    expect(error.failures).toMatchObject([{ channel: 'news', clientId: 'carol' }]);
    isDown = false;
    const joined = await im.channels.join('news', ['alice', 'carol']);
    expect(joined.map((each) => each.joined)).toEqual([false, true]);
  });

  test('of unknown names is answered, not refused', async () => {
    const { im } = await setup();
    expect(await im.channels.count('nothing')).toBe(0);
    expect(await im.channels.online('nothing')).toBe(0);
    expect(await im.channels.members('nothing').all()).toEqual([]);
    expect(await im.channels.ofClient('nobody')).toEqual([]);
    expect(await im.channels.isMember('nothing', 'nobody')).toBe(false);
    expect(await im.channels.clear('nothing')).toBe(0);
  });
});

test('channels are listed with their counts, and go with their last member', async () => {
  const { im } = await setup();
  await im.channels.join('news', ['alice', 'carol']);
  await im.channels.join('sport', 'alice');
  const list = await im.channels.list().all();
  expect(list.toSorted((a, b) => a.channel.localeCompare(b.channel))).toEqual([
    { channel: 'news', members: 2 },
    { channel: 'sport', members: 1 },
  ]);
  await im.channels.leave('sport', 'alice');
  expect(await im.channels.list().all()).toEqual([{ channel: 'news', members: 2 }]);
});

test('clearing removes members that are offline, and the counts stay right', async () => {
  const { im, shard } = await setup();
  await shard.connect('alice');
  const many = Array.from({ length: 50 }, (_, i) => `client-${i}`);
  await im.channels.join('news', ['alice', ...many]);
  expect(await im.channels.online('news')).toBe(1);
  expect(await im.channels.clear('news')).toBe(50);
  expect(await im.channels.members('news').all()).toEqual(['alice']);
  expect(await im.channels.count('news')).toBe(1);
  expect(await im.channels.ofClient('client-7')).toEqual([]);
  await im.channels.leave('news', ['client-7', 'alice']);
  expect(await im.channels.count('news')).toBe(0);
});

describe('publishing', () => {
  test('appends to the channel once, whoever is a member', async () => {
    const { im } = await setup();
    const first = await im.channels.publish('news', { from: null, data: 1 });
    const again = await im.channels.publish('news', { from: 'bob', data: 2, key: 'k' });
    const repeated = await im.channels.publish('news', { from: 'bob', data: 2, key: 'k' });
    expect(first).toMatchObject({ channel: 'news', outcome: 'appended', online: false });
    expect(repeated).toMatchObject({ outcome: 'duplicate', messageId: again.messageId, position: again.position });
    const data: unknown[] = [];
    for await (const message of im.history.channel('news')) data.push(message.data);
    expect(data).toEqual([1, 2]);
  });

  test('with echo off keeps it from the sender alone', async () => {
    const { im, store } = await setup();
    await im.channels.publish('news', { from: 'bob', data: 1, echo: false });
    await im.channels.publish('news', { from: null, data: 2, echo: false });
    await im.channels.publish('news', { from: 'bob', data: 3 });
    const { entries } = await store.logs.read({ kind: 'channel', id: 'news' }, null);
    expect(entries.map(({ excludeSender }) => excludeSender)).toEqual([true, false, false]);
  });

  test('live reaches interested shards and is kept nowhere', async () => {
    const { im, store, shard } = await setup();
    await im.channels.join('news', 'alice');
    await store.channels.follow('news', shard.shard, shard.incarnation, null, null);
    const published = await im.channels.publish('news', { from: 'bob', data: { typing: true }, live: true });
    expect(published).toMatchObject({ outcome: 'live', position: null, online: true });
    await eventually(() =>
      expect(shard.heard).toContainEqual(
        expect.objectContaining({ type: 'live', log: { kind: 'channel', id: 'news' } }),
      ),
    );
  });

  test('a broadcast is kept in its own log', async () => {
    const { im } = await setup();
    const published = await im.broadcast({ from: null, data: { notice: 1 } });
    expect(published).toMatchObject({ channel: '$broadcast', outcome: 'appended' });
    const data: unknown[] = [];
    for await (const message of im.history.broadcasts()) data.push(message.data);
    expect(data).toEqual([{ notice: 1 }]);
    expect(await im.channels.list().all()).toEqual([]);
  });
});
