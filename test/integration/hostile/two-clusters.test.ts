import { beforeAll, describe, expect, it } from '@jest/globals';
import { createFlotilla } from '@flotilla-im/sdk';
import { Emitter } from '@socket.io/redis-emitter';
import { Redis } from 'ioredis';
import { io, type Socket } from 'socket.io-client';
import { nextEvent } from '../im-edge/eventually.ts';
import type { RawPeer } from './raw-peer.ts';
import { endScenes, type Scene, startScene } from './scene.ts';

/** One name is the beginning of the other, and both clusters know the same token keys. */
let shop: Scene;
let abroad: Scene;

endScenes();
beforeAll(async () => {
  shop = await startScene({ cluster: 'shop' });
  abroad = await startScene({ cluster: 'shop.eu', beside: shop });
});

/** Names that look like parts of keys. */
const NAMES = ['alice', 'x}:{y', '}:fl1:shop.eu:{', ':l:alice', 'shop.eu:map', '*', '{', '__proto__'];
const GRANTS = { send: true, publish: true, subscribe: true, upstream: true };

/** Keys of a cluster with what they hold; but for what a shard writes by itself. */
async function holdings(prefix: string): Promise<Map<string, unknown>> {
  const keys = (await shop.redis.command('KEYS', '*')) as string[];
  const own = keys.filter((key) => key.startsWith(prefix) && !/:(?:leases|sweep)$/u.test(key)).sort();
  return new Map(
    await Promise.all(own.map(async (key) => [key, String(await shop.redis.command('DUMP', key))] as const)),
  );
}

/** All that a client with every grant can do, and its business for it. */
async function doEverything({ flotilla, store, served }: Scene): Promise<void> {
  const mallory = await served('mallory', { protocol: 'v1', grants: GRANTS });
  for (const [n, name] of NAMES.entries()) {
    for (const type of ['subscribe', 'publish', 'send', 'upstream', 'unsubscribe']) {
      mallory.text(JSON.stringify({ type, id: `${type}-${n}`, channel: name, to: name, data: 'from shop' }));
    }
    await flotilla.send({ from: null, to: name, data: 'from shop' });
    await flotilla.send({ from: null, to: name, data: 'from shop', live: true });
    await flotilla.channels.join(name, ['alice', name]);
    await flotilla.channels.publish(name, { from: null, data: 'from shop' });
    await flotilla.disconnect(name, { reason: 'from shop', refuseTokensBefore: true });
  }
  await mallory.until(() => mallory.texts.filter((text) => text.includes('"reply"')).length === NAMES.length * 5);
  await flotilla.broadcast({ from: null, data: 'from shop' });
  const map = await store.map.read();
  if (map !== null) await store.map.publish({ ...map, epoch: 99 });
}

describe('two clusters in one Redis', () => {
  let alice: RawPeer;
  let visitor: Socket;

  beforeAll(async () => {
    alice = await abroad.served('alice');
    await abroad.flotilla.channels.join('news', ['alice']);
    visitor = io(`http://127.0.0.1:${abroad.port}`, {
      forceNew: true,
      reconnection: false,
      auth: { token: await abroad.pod.token({ aud: 'shop.eu', sub: 'visitor' }) },
    });
    await nextEvent(visitor, 'welcome');
  });

  it('share no key: whatever one does, the other holds what it held, and hears nothing', async () => {
    const heard: unknown[] = [];
    visitor.onAny((name: string, ...args: unknown[]) => heard.push(name, ...args));
    const before = await holdings('fl1:shop.eu:');
    expect(before.size).toBeGreaterThan(3);
    await doEverything(shop);
    expect(await holdings('fl1:shop.eu:')).toEqual(before);
    const keys = (await shop.redis.command('KEYS', '*')) as string[];
    expect(keys.filter((key) => !/^fl1:(?:shop|shop\.eu):[^]+$/u.test(key))).toEqual([]);
    await abroad.flotilla.send({ from: null, to: 'alice', data: 'from abroad' });
    await alice.until(() => alice.texts.length > 0);
    expect(alice.texts).toEqual(['"from abroad"']);
    expect(heard).toEqual([]);
    expect([(await shop.store.map.read())?.epoch, (await abroad.store.map.read())?.epoch]).toEqual([99, 1]);
    expect(alice.isOver).toBe(false);
  });

  it('see nobody of each other', async () => {
    expect(await shop.flotilla.presence.online(['alice', 'visitor', 'mallory'])).toEqual([false, false, true]);
    expect(await abroad.flotilla.presence.online(['alice', 'visitor', 'mallory'])).toEqual([true, true, false]);
    expect(await shop.flotilla.channels.ofClient('alice')).not.toContain('news');
    const history: unknown[] = [];
    for await (const { data } of abroad.flotilla.history.inbox('alice')) history.push(data);
    expect(history).toEqual(['from abroad']);
    const leases = await Promise.all([shop, abroad].map(({ store }) => store.leases.list()));
    expect(leases.map((list) => list.length)).toEqual([1, 1]);
  });

  it('take no token of each other, though it is signed with a key of theirs', async () => {
    const { token } = await shop.flotilla.connectInfo('alice');
    const peer = await abroad.raw({ path: `/ws?token=${token}` });
    await peer.until(() => peer.close !== null);
    expect(peer.close).toMatchObject({ code: 4503, reason: expect.stringMatching(/^token_audience/u) });
  });

  it("share no room of Socket.IO: an emitter of one reaches none of the other's", async () => {
    const client = new Redis(shop.redis.url);
    const heard: unknown[] = [];
    visitor.on('hello', (text: unknown) => heard.push(text));
    try {
      new Emitter(client, { key: 'fl1:shop:socket.io' }).emit('hello', 'from shop');
      new Emitter(client, { key: 'fl1:shop.eu:socket.io' }).emit('hello', 'from abroad');
      await nextEvent(visitor, 'hello');
      expect(heard).toEqual(['from abroad']);
    } finally {
      client.disconnect();
      visitor.disconnect();
    }
  });

  it.each(['', 'a:b', 'a{b}', '{shop}', 'shop:eu', 'shop*', 'shop\n', 'é', 'x'.repeat(65)])(
    'are never called %j',
    async (cluster) => {
      const { redis, pod } = shop;
      await expect(createFlotilla({ redis: redis.url, cluster, tokenKeys: pod.keys })).rejects.toMatchObject({
        code: 'bad_options',
      });
    },
  );
});
