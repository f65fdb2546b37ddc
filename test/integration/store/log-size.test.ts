import { expect, it } from '@jest/globals';
import { append, inbox } from '../../conformance/given.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();

it('a log of one message of 100 bytes costs at most 1 KiB of Redis memory', async () => {
  const redis = await fixture.redis();
  const store = await fixture.store(redis.url);
  const { messageId } = await append(store, inbox('client-0001'), { data: `"${'x'.repeat(98)}"` });
  expect(messageId).toHaveLength(36);
  const keys = (await redis.command('KEYS', '*')) as string[];
  const sizes = await Promise.all(keys.map((key) => redis.command('MEMORY', 'USAGE', key, 'SAMPLES', '0')));
  expect(keys).toHaveLength(2);
  expect(sizes.map(Number).reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(1024);
});
