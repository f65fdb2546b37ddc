import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Link } from '../../chaos/proxy/link.ts';
import { startProxy } from '../../chaos/proxy/start-proxy.ts';
import { eventually } from '../../support/eventually.ts';
import { startRedis } from '../redis-harness.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A subscriber behind a link, and somebody who publishes past it. */
async function setup(
  protocol: 2 | 3,
): Promise<{ link: Link; publish: (count: number) => Promise<void>; heard: Buffer[] }> {
  const redis = await startRedis();
  ends.push(() => redis.stop());
  const proxy = startProxy();
  ends.push(() => proxy.close());
  const link = await proxy.link('redis', { port: redis.port, speaks: 'redis' });
  const [subscriber, publisher] = [link.port, redis.port].map(
    (port) => new Redis({ port, protocol, disconnectTimeout: 20 }),
  );
  if (subscriber === undefined || publisher === undefined) throw new Error('two were made');
  ends.push(() => [subscriber, publisher].forEach((client) => client.disconnect()));
  const heard: Buffer[] = [];
  subscriber.on('messageBuffer', (_, message: Buffer) => heard.push(message));
  await subscriber.subscribe('orders');
  // Its answer comes after all that was published before.
  const publish = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await publisher.publish('orders', randomBytes(300));
    await subscriber.subscribe('orders');
  };
  return { link, publish, heard };
}

test.each([2, 3] as const)('messages of Redis in RESP %i are dropped by chance, and nothing else', async (protocol) => {
  const { link, publish, heard } = await setup(protocol);
  await publish(50);
  expect(heard).toHaveLength(50);
  await link.behave({ type: 'drop-notifies', chance: 1 });
  await publish(50);
  expect(heard).toHaveLength(50);
  await link.behave({ type: 'drop-notifies', chance: 0.5 });
  await publish(200);
  const some = heard.length - 50;
  expect(some).toBeGreaterThan(50);
  expect(some).toBeLessThan(150);
  await link.behave({ type: 'pass' });
  await publish(50);
  await eventually(() => expect(heard).toHaveLength(100 + some));
});
