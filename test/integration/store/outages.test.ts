import { describe, expect, it } from '@jest/globals';
import { append, connectClient, inbox, listenAs } from '../../conformance/given.ts';
import { eventually } from '../../support/eventually.ts';
import { fastestMs } from '../../support/fastest.ts';
import { useRedis } from './redis-store-setup.ts';

const alice = inbox('alice');
const fixture = useRedis();

describe('while Redis is away', () => {
  it('a call fails soon and can be repeated, health tells, and all is well when it is back', async () => {
    const redis = await fixture.redis({ appendonly: true });
    const store = await fixture.store(redis.url);
    const { sinceMs, isHealthy } = store.health();
    expect(isHealthy).toBe(true);
    await redis.kill();
    const tookMs = await fastestMs(() =>
      expect(append(store, alice)).rejects.toMatchObject({ code: 'store_unavailable', retryable: true }),
    );
    expect(tookMs).toBeLessThan(1_500);
    expect(store.health().isHealthy).toBe(false);
    await redis.start();
    await eventually(() => expect(store.health().isHealthy).toBe(true));
    expect(store.health().sinceMs).toBeGreaterThan(sinceMs);
    expect((await append(store, alice)).outcome).toBe('appended');
  });

  it('subscribers are told, and hear again when it is back', async () => {
    const redis = await fixture.redis();
    const store = await fixture.store(redis.url);
    const heard = await listenAs(store, 0);
    await eventually(() => expect(heard.connects()).toBe(1));
    await redis.restart();
    await eventually(() => expect([heard.disconnects(), heard.connects()]).toEqual([1, 2]));
    await eventually(() => connectClient(store, 'alice', 0));
    await append(store, alice);
    await eventually(() => expect(heard.items()).toHaveLength(1));
  });

  it('a Redis that hangs does not make its callers hang', async () => {
    const redis = await fixture.redis();
    const store = await eventually(() => fixture.store(redis.url, { commandTimeoutMs: 250 }));
    redis.pause();
    const begunMs = performance.now();
    const calls = [append(store, alice), store.logs.read(alice, null), store.logs.tails(0), store.leases.list()];
    const results = await Promise.allSettled(calls);
    expect(performance.now() - begunMs).toBeLessThan(10_000);
    expect(results.map(({ status }) => status)).toEqual(calls.map(() => 'rejected'));
    redis.resume();
    await eventually(() => append(store, alice));
    await eventually(() => expect(store.health().isHealthy).toBe(true));
  });

  it('a script that Redis forgot is sent again', async () => {
    const redis = await fixture.redis();
    const store = await fixture.store(redis.url);
    await append(store, alice);
    await redis.command('SCRIPT', 'FLUSH');
    const appended = await Promise.all(Array.from({ length: 20 }, () => append(store, alice)));
    expect(appended.map(({ position }) => position.offset)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
  });

  it('closing ends at once, and later calls are refused', async () => {
    const redis = await fixture.redis();
    const store = await fixture.store(redis.url);
    await redis.kill();
    await append(store, alice).catch(() => {});
    await store.close();
    await expect(append(store, alice)).rejects.toMatchObject({ code: 'closed', retryable: false });
  });
});

describe('subscriptions', () => {
  it('however many, take one connection of Redis', async () => {
    const redis = await fixture.redis();
    const store = await fixture.store(redis.url);
    for (let shard = 0; shard < 20; shard++) await listenAs(store, shard);
    for (const topic of ['map', 'events', 'receipts:1']) await store.notify.subscribeHint(topic, () => {});
    const clients = String(await redis.command('CLIENT', 'LIST', 'TYPE', 'pubsub'));
    expect(clients.trim().split('\n')).toHaveLength(1);
    expect(clients).toContain('sub=24');
  });

  it('come back when Redis closes their connection', async () => {
    const redis = await fixture.redis();
    const store = await fixture.store(redis.url);
    const heard = await listenAs(store, 0);
    await eventually(() => expect(heard.connects()).toBe(1));
    await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await eventually(() => expect([heard.disconnects(), heard.connects()]).toEqual([1, 2]));
    await store.notify.publishCanary(0, 'x');
    await eventually(() => expect(heard.notifies).toEqual([{ type: 'canary', id: 'x' }]));
  });
});
