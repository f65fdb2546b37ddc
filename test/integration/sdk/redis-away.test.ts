import { afterEach, describe, expect, test } from '@jest/globals';
import { createFlotilla, type Flotilla, type FlotillaOptions } from '@flotilla-im/sdk';
import { freePort, type PrivateRedis, type RedisOptions, startRedis } from '../redis-harness.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function redisWith(options?: RedisOptions): Promise<PrivateRedis> {
  const redis = await startRedis(options);
  closing.push(redis.stop);
  return redis;
}

async function connected(options: FlotillaOptions): Promise<Flotilla> {
  const im = await createFlotilla({ cluster: 'chat', ...options });
  closing.push(() => im.close());
  return im;
}

async function dataOf(im: Flotilla, clientId: string): Promise<unknown[]> {
  const data: unknown[] = [];
  for await (const message of im.history.inbox(clientId)) data.push(message.data);
  return data;
}

describe('Redis at start', () => {
  test('away: refused within the deadline, with a sentence that says where', async () => {
    const redis = `redis://127.0.0.1:${await freePort()}`;
    const error = await createFlotilla({ redis, deadlineMs: 300 }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'store_unavailable', retryable: true });
    expect(String(error)).toContain(redis.slice('redis://'.length));
  });

  test('away, but waited for: connected once it is there', async () => {
    const redis = await redisWith();
    await redis.kill();
    const opening = connected({ redis: redis.url, waitForStore: true, deadlineMs: 1_000 });
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await redis.start();
    const im = await opening;
    await im.send({ from: null, to: 'alice', data: 1 });
    expect(await dataOf(im, 'alice')).toEqual([1]);
  });

  test('away, waited for, and given up by the signal', async () => {
    const redis = `redis://127.0.0.1:${await freePort()}`;
    const signal = AbortSignal.timeout(150);
    const opening = createFlotilla({ redis, waitForStore: true, deadlineMs: 50, signal });
    await expect(opening).rejects.toMatchObject({ code: 'aborted' });
  });

  test('with another password: refused at once, and no retry helps', async () => {
    const { host, port } = await redisWith({ settings: { requirepass: 'right' } });
    const redis = `redis://${host}:${port}`;
    const unsupported = { code: 'store_unsupported', retryable: false };
    await expect(createFlotilla({ redis })).rejects.toMatchObject(unsupported);
    const wrong = await createFlotilla({ redis, redisPassword: 'wrong-secret' }).catch((thrown: unknown) => thrown);
    expect(wrong).toMatchObject(unsupported);
    expect(String(wrong)).not.toContain('wrong-secret');
    await connected({ redis, redisPassword: 'right' });
  });

  test('that may evict keys: refused', async () => {
    const redis = await redisWith({ settings: { maxmemory: '50mb', 'maxmemory-policy': 'allkeys-lru' } });
    const opening = createFlotilla({ redis: redis.url });
    await expect(opening).rejects.toMatchObject({ code: 'store_unsupported' });
  });

  test('without persistence: a warning', async () => {
    const redis = await redisWith();
    const im = await connected({ redis: redis.url });
    expect(im.warnings.join()).toMatch(/persist|append/i);
  });
});

describe('Redis lost midway', () => {
  test('and back within the deadline: every send succeeds, once, in order', async () => {
    const redis = await redisWith({ appendonly: true });
    const im = await connected({ redis: redis.url });
    const sends: Promise<unknown>[] = [];
    const restart = setTimeout(() => void redis.restart(), 100);
    for (let data = 0; data < 300; data += 1) {
      sends.push(im.send({ from: 'bob', to: 'alice', data }, { deadlineMs: 40_000 }));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(sends);
    clearTimeout(restart);
    expect(await dataOf(im, 'alice')).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  test('killed and back: every send that resolved is there, none twice', async () => {
    const redis = await redisWith({ appendonly: true });
    const im = await connected({ redis: redis.url });
    const results: Promise<unknown>[] = [];
    const back = new Promise<void>((resolve, reject) => {
      setTimeout(() => void redis.kill().then(redis.start).then(resolve, reject), 60);
    });
    for (let data = 0; data < 200; data += 1) {
      const to = [`client-${data % 5}`, 'everybody'];
      results.push(im.send({ from: 'bob', to, data }, { deadlineMs: 40_000 }));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all([...results, back]);
    const everybody = await dataOf(im, 'everybody');
    expect(everybody.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  test('and not back: calls end at their deadline with a retryable error, and work again afterwards', async () => {
    const redis = await redisWith({ appendonly: true });
    const im = await connected({ redis: redis.url });
    await redis.kill();
    const sending = im.send({ from: 'bob', to: 'alice', data: 1, key: 'k' }, { deadlineMs: 300 });
    await expect(sending).rejects.toMatchObject({ retryable: true });
    await expect(im.presence.online(['alice'], { deadlineMs: 300 })).rejects.toMatchObject({ retryable: true });
    await redis.start();
    await im.send({ from: 'bob', to: 'alice', data: 1, key: 'k' });
    expect(await dataOf(im, 'alice')).toEqual([1]);
  });

  test('and silent: calls end at their deadline although the connection stands', async () => {
    const redis = await redisWith();
    const im = await connected({ redis: redis.url });
    redis.pause();
    const sending = im.send({ from: 'bob', to: 'alice', data: 1 }, { deadlineMs: 200 });
    await expect(sending).rejects.toMatchObject({ code: 'timeout', retryable: true });
    redis.resume();
  });
});
