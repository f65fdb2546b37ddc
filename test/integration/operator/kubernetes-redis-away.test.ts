import { describe, expect, test } from '@jest/globals';
import { PATHS, patiently } from './kubernetes-scene.ts';
import { passes, steadyScenes } from './steady-scene.ts';

const notReady = { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] } };

const setup = steadyScenes();

describe('nothing is lent', () => {
  test('when all of Redis is gone for a while, nor while shards find their way back one by one', async () => {
    const { redis, map, operator, api, pod, silence, scale } = await setup();
    const { epoch } = map();
    await redis.kill();
    for (const id of [0, 1, 2, 3]) pod(id, notReady);
    silence(3);
    await passes(6_000);
    await redis.start();
    await patiently(() =>
      expect(operator.log()).toContainEqual(expect.objectContaining({ msg: 'store reachable again' })),
    );
    for (const id of [0, 1]) pod(id, {});
    await passes(3_500);
    scale(4);
    await passes(3_000);
    pod(2, {});
    await passes(3_000);
    pod(3, {});
    await passes(1_000);
    expect(map().epoch).toBe(epoch);
    expect(api.table.list(PATHS.events).map((event) => event['reason'])).toContain('PublishFailed');
  });

  test('when Redis is emptied, nor when it is started anew without what it held', async () => {
    const { redis, map, store } = await setup();
    const { epoch } = map();
    await redis.command('FLUSHALL');
    await patiently(async () => expect((await store.map.read())?.epoch).toBe(epoch));
    await passes(3_000);
    await redis.kill();
    await redis.start();
    await redis.command('FLUSHALL');
    await patiently(async () => expect((await store.map.read())?.epoch).toBe(epoch));
    await passes(8_000);
    expect(map().epoch).toBe(epoch);
  });

  test('when no shard is heard, however well Redis looks', async () => {
    const { silence, map } = await setup();
    const { epoch } = map();
    for (const id of [0, 1, 2, 3]) silence(id);
    await passes(6_000);
    expect(map().epoch).toBe(epoch);
  });
});
