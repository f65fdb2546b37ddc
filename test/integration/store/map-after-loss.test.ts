import { expect, it } from '@jest/globals';
import { mapOf } from '../../conformance/coordination/map.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();

it('a Redis that lost everything takes the same map again, and refuses an older one from then on', async () => {
  const redis = await fixture.redis();
  const { map } = await fixture.store(redis.url);
  await map.publish(mapOf(7));
  await redis.command('FLUSHALL');
  expect(await map.read()).toBeNull();
  expect(await map.publish(mapOf(7))).toBe('published');
  expect(await map.publish(mapOf(6))).toBe('stale');
  expect((await map.read())?.epoch).toBe(7);
});

it('a map that only newer readers can use is said to be that', async () => {
  const redis = await fixture.redis();
  const { map } = await fixture.store(redis.url);
  await map.publish({ ...mapOf(9), schema: 99, compatible: 99 });
  await expect(map.read()).rejects.toMatchObject({ code: 'map_unsupported' });
});
