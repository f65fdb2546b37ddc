import { afterEach, describe, expect, test } from '@jest/globals';
import { createRedisStore, type Store } from '@flotilla-im/store';
import { eventually } from '../../support/eventually.ts';
import { type PrivateRedis, startRedis } from '../redis-harness.ts';
import { beat, createOperatorHarness, type OperatorHarness } from './operator-process.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Scene extends OperatorHarness {
  readonly redis: PrivateRedis;
  readonly store: Store;
  readonly beats: { stop: () => void }[];
  /** Waits for a map with so many shards that are up; gives its epoch. */
  readonly untilUp: (count: number) => Promise<number>;
}

/** So many shards that beat, and are told of; no operator yet. */
async function setup(count: number): Promise<Scene> {
  const redis = await startRedis({ appendonly: true });
  open.push(redis.stop);
  const harness = await createOperatorHarness(redis.url);
  open.push(harness.close);
  const store = await createRedisStore({ url: redis.url, cluster: 'flotilla' });
  open.push(() => store.close());
  await harness.tell(count);
  const beats = Array.from({ length: count }, (_, shard) => beat(store, shard));
  open.push(() => beats.forEach(({ stop }) => stop()));
  const untilUp = (wanted: number): Promise<number> =>
    eventually(async () => {
      const map = await store.map.read();
      expect(map?.shards.filter(({ state }) => state === 'up')).toHaveLength(wanted);
      return map?.epoch ?? 0;
    }, 40_000);
  return { ...harness, redis, store, beats, untilUp };
}

describe('the operator as a process', () => {
  test('publishes the map, and tells how it is', async () => {
    const { start, untilUp } = await setup(3);
    const operator = start();
    await untilUp(3);
    expect(await operator.get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
    expect(await operator.get('/readyz')).toEqual({ status: 200, text: 'ok\n' });
    const { text } = await operator.get('/metrics');
    expect(text).toMatch(/^flotilla_operator_shards\{state="up"\} 3$/mu);
    operator.signal('SIGTERM');
    expect(await operator.ended).toBe(0);
  });

  test('gives a Redis that lost everything the same map under the same epoch', async () => {
    const { start, untilUp, store, redis } = await setup(2);
    start();
    await untilUp(2);
    const before = await store.map.read();
    await redis.command('FLUSHALL');
    await eventually(async () => expect(await store.map.read()).toEqual(before));
  });

  test('lends the slots of a shard that falls silent, and no slot while Redis is away', async () => {
    const { start, untilUp, store, redis, beats } = await setup(3);
    const operator = start();
    const epoch = await untilUp(3);
    await redis.kill();
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    await redis.start();
    await eventually(() =>
      expect(operator.log()).toContainEqual(expect.objectContaining({ msg: 'store reachable again' })),
    );
    // The test's own connection may be back later than the operator's.
    await eventually(async () => expect((await store.map.read())?.epoch).toBe(epoch));
    beats[1]?.stop();
    await untilUp(2);
    expect((await store.map.read())?.epoch).toBe(epoch + 1);
  });

  test('goes on where it was when it is killed and started again', async () => {
    const { start, untilUp, tell } = await setup(3);
    const first = start();
    const epoch = await untilUp(3);
    first.signal('SIGKILL');
    await first.ended;
    await tell(3, { desired: 2 });
    start();
    expect(await untilUp(2)).toBe(epoch + 1);
  });

  test('of two only one writes each epoch', async () => {
    const { start, untilUp, tell } = await setup(3);
    const both = [start(), start()];
    const epoch = await untilUp(3);
    await tell(3, { desired: 1 });
    expect(await untilUp(1)).toBe(epoch + 1);
    const published = both.flatMap(({ log }) => log().filter(({ msg }) => msg === 'shard map published'));
    const epochs = published.map((line) => line['epoch']);
    expect(new Set(epochs).size).toBe(epochs.length);
  });

  test('waits for a Redis that is away when it starts', async () => {
    const { start, untilUp, redis } = await setup(1);
    await redis.kill();
    const operator = start();
    expect((await operator.get('/healthz')).status).toBe(200);
    await redis.start();
    await untilUp(1);
  });

  test('names the variable that a misspelt one was meant to be', async () => {
    const { start } = await setup(0);
    const operator = start({ FLOTILLA_FAILOVER_AFTER: '9000' });
    await operator.get('/healthz');
    expect(operator.log()).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        msg: 'unknown environment variable',
        variable: 'FLOTILLA_FAILOVER_AFTER',
        nearest: 'FLOTILLA_FAILOVER_AFTER_MS',
      }),
    );
  });
});

describe('the operator refuses', () => {
  test('a configuration with faults: all of them, in sentences, with exit code 2', async () => {
    const { start } = await setup(0);
    const operator = start({ FLOTILLA_PORT: 'x', FLOTILLA_LOCAL_MAP_FILE: '' });
    expect(await operator.ended).toBe(2);
    expect(operator.stderr()).toBe(
      'FLOTILLA_LOCAL_MAP_FILE is missing.\nFLOTILLA_PORT must be a whole number from 0 to 65535. It is "x".\n',
    );
  });

  test('a Redis that evicts keys, in a sentence, with exit code 3', async () => {
    const redis = await startRedis({ settings: { 'maxmemory-policy': 'allkeys-lru', maxmemory: '50mb' } });
    open.push(redis.stop);
    const { start, tell, close } = await createOperatorHarness(redis.url);
    open.push(close);
    await tell(0);
    const operator = start();
    expect(await operator.ended).toBe(3);
    expect(operator.stderr()).toMatch(/evict/u);
    expect(operator.stderr()).not.toContain('    at ');
  });
});
