import { expect, test } from '@jest/globals';
import { createDirectLinks } from './links.ts';
import type { RedisPlace } from './redis/redis-place.ts';

function setup(place: Pick<RedisPlace, 'ports' | 'sentinelPort'>) {
  return createDirectLinks({ ...place, urlAt: (port) => `redis://at:${String(port)}` } as RedisPlace);
}

test('without links everybody dials a shard and Redis itself', async () => {
  const links = setup({ ports: [7_001], sentinelPort: null });
  expect((await links.toShard('client-shard-0', 9_001)).port).toBe(9_001);
  expect(await links.toRedis('shard-redis-0')).toBe('redis://at:7001');
});

test('without links Redis is found by its Sentinel where there is one', async () => {
  expect(await setup({ ports: [7_001, 7_002], sentinelPort: 7_003 }).toRedis('business-redis')).toBe('redis://at:7003');
});

test('what is not there cannot be told to misbehave', async () => {
  const links = setup({ ports: [7_001], sentinelPort: null });
  const link = await links.toShard('client-shard-0', 9_001);
  expect(() => links.get('client-shard-0')).toThrow(RangeError);
  await expect(link.behave({ type: 'pass' })).rejects.toThrow(RangeError);
});
