import { describe, expect, test } from '@jest/globals';
import { ownerOf, compileMap } from '@flotilla-im/protocol';
import { createMemoryStore } from '@flotilla-im/store';
import { createFlotilla, FlotillaError } from '../src/index.ts';
import { loadTokenKeys, verifyToken } from '../src/tokens/index.ts';
import { eventually, fastestMs, mapOf, setup, storeWith, TOKEN_KEYS } from './setup.ts';

const verify = async (token: string) => verifyToken(token, { keys: await loadTokenKeys(TOKEN_KEYS), audience: 'chat' });

describe('an address', () => {
  test('leads to the owner of the client, with a token that says who it is', async () => {
    const { im, store } = await setup();
    await store.map.publish(mapOf(3, 1));
    const shard = ownerOf(compileMap(mapOf(3, 1)), 'alice')?.id;
    const before = Date.now();
    const address = await im.connectInfo('alice', {
      device: 'phone',
      metadata: { ip: '::1' },
      grants: { send: ['bob'] },
      replace: true,
      sessionExpiresAt: new Date(before + 60_000),
    });
    expect(address).toMatchObject({
      url: `ws://127.0.0.1:7000/s/${shard}/ws`,
      shard,
      socketIo: { url: 'http://127.0.0.1:7000', path: `/s/${shard}/socket.io/` },
    });
    expect(address.expiresAt - before).toBeGreaterThanOrEqual(10_000);
    expect(await verify(address.token)).toMatchObject({
      aud: 'chat',
      sub: 'alice',
      device: 'phone',
      metadata: { ip: '::1' },
      grants: { send: ['bob'] },
      replace: true,
      sessionExpiresAt: before + 60_000,
    });
    expect(JSON.parse(JSON.stringify(address))).toEqual(address);
  });

  test('holds another token each time, with the life that was asked for', async () => {
    const { im, store } = await setup();
    await store.map.publish(mapOf(1, 1));
    const [a, b] = await Promise.all([im.connectInfo('alice', { ttlMs: 500 }), im.connectInfo('alice')]);
    expect((await verify(a.token)).jti).not.toBe((await verify(b.token)).jti);
    expect(b.expiresAt - a.expiresAt).toBeGreaterThan(9_000);
  });

  test('cannot be had without token keys', async () => {
    const store = createMemoryStore({ cluster: 'chat' });
    const im = await createFlotilla({ store });
    await expect(im.connectInfo('alice')).rejects.toMatchObject({ code: 'bad_options' });
    await im.close();
  });
});

describe('the map', () => {
  test('of no shards, or none at all, asks to come again, while durable sends work', async () => {
    const { im, store } = await setup();
    const noShards = { code: 'no_shards', retryable: true, retryAfterMs: 1_000 };
    await expect(im.connectInfo('alice')).rejects.toMatchObject(noShards);
    await store.map.publish(mapOf(0, 1));
    await expect(im.connectInfo('alice')).rejects.toMatchObject(noShards);
    await im.send({ from: null, to: 'alice', data: 1 });
    await store.map.publish(mapOf(1, 2));
    expect((await im.connectInfo('alice')).shard).toBe(0);
  });

  test('is followed as soon as a newer one is announced', async () => {
    const { im, store } = await setup();
    const moved = ['a', 'b', 'c', 'd', 'e'].filter((id) => ownerOf(compileMap(mapOf(2, 2)), id)?.id === 1);
    expect(moved).not.toEqual([]);
    let epoch = 0;
    const publish = async (shards: number): Promise<void> => {
      await store.map.publish(mapOf(shards, (epoch += 1)));
      await eventually(async () => expect((await im.connectInfo(moved[0] ?? '')).shard).toBe(shards - 1));
    };
    const tookMs = await fastestMs(async () => {
      await publish(1);
      await publish(2);
    });
    // By the announcements, not by the polls, which are a second apart.
    expect(tookMs).toBeLessThan(700);
  });

  test('is found by polling when nothing announces it', async () => {
    const real = createMemoryStore({ cluster: 'chat' });
    const subscribeHint = () => Promise.reject(new Error('no subscriptions today'));
    const { im } = await setup({ store: storeWith(real, { notify: { subscribeHint } }) });
    await real.map.publish(mapOf(1, 1));
    await eventually(async () => expect((await im.fleet.current()).epoch).toBe(1));
  });

  test('of an older epoch is refused', async () => {
    const real = createMemoryStore({ cluster: 'chat' });
    let map = mapOf(2, 7);
    const read = () => Promise.resolve(map);
    const { im } = await setup({ store: storeWith(real, { map: { read } }) });
    map = mapOf(1, 6);
    expect(await im.fleet.current()).toMatchObject({ epoch: 7, shards: [{ shard: 0 }, { shard: 1 }] });
  });

  test('with a schema that this version cannot read is told, until one comes that it can', async () => {
    const real = createMemoryStore({ cluster: 'chat' });
    let isNew = true;
    const read = () =>
      isNew ? Promise.reject(new FlotillaError('map_unsupported', 'schema 9')) : Promise.resolve(mapOf(1, 3));
    const { im } = await setup({ store: storeWith(real, { map: { read } }) });
    await expect(im.connectInfo('alice')).rejects.toMatchObject({ code: 'map_unsupported', retryable: false });
    await expect(im.fleet.current()).rejects.toMatchObject({ code: 'map_unsupported' });
    await im.send({ from: null, to: 'alice', data: 1 });
    isNew = false;
    await eventually(async () => expect((await im.connectInfo('alice')).shard).toBe(0));
  });

  test('survives a store that fails', async () => {
    const real = createMemoryStore({ cluster: 'chat' });
    await real.map.publish(mapOf(1, 1));
    let isDown = false;
    const read = () => (isDown ? Promise.reject(new FlotillaError('store_unavailable')) : real.map.read());
    const { im } = await setup({ store: storeWith(real, { map: { read } }) });
    isDown = true;
    expect((await im.connectInfo('alice')).shard).toBe(0);
  });
});

describe('open connections', () => {
  test('are asked to close: all of a client, or one', async () => {
    const { im, shard, store } = await setup();
    const phone = await shard.connect('alice', { device: 'phone' });
    await shard.connect('alice');
    expect(await im.disconnect('alice', { connection: phone, reason: 'one phone is enough' })).toBe(1);
    expect((await store.presence.refresh('alice')).disconnects).toMatchObject([
      { connection: phone, reason: 'one phone is enough' },
    ]);
    expect(await im.disconnect('alice')).toBe(2);
    expect(await im.disconnect('nobody')).toBe(0);
  });

  test('get other grants, and lose them again', async () => {
    const { im, shard, store } = await setup();
    await shard.connect('alice');
    await im.setGrants('alice', { upstream: true });
    expect((await store.presence.refresh('alice')).grants).toEqual({ upstream: true });
    await im.setGrants('alice', null);
    expect((await store.presence.refresh('alice')).grants).toBeUndefined();
  });

  test('can have their tokens refused from now on', async () => {
    const { im, shard, store } = await setup();
    await shard.connect('alice');
    await im.disconnect('alice', { refuseTokensBefore: true });
    expect((await store.presence.refresh('alice')).refusedUntilMs).toBeGreaterThan(Date.now() - 5_000);
  });
});
