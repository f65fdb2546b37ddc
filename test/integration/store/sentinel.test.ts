import { expect, it } from '@jest/globals';
import { append, connectClient, inbox, listenAs } from '../../conformance/given.ts';
import { eventually } from '../../support/eventually.ts';
import type { PrivateRedis } from '../redis-harness.ts';
import { startSentinel } from '../sentinel-harness.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();

it('a store behind Sentinel follows a failover: calls, subscription and positions', async () => {
  const master = await fixture.redis();
  const replica = await fixture.redis({ settings: { replicaof: `${master.host} ${master.port}` } });
  await eventually(async () => expect(await replica.command('INFO', 'replication')).toContain('master_link_status:up'));
  const sentinel = await startSentinel(master);
  fixture.later(sentinel.stop);
  const store = await fixture.store(sentinel.url);
  const heard = await listenAs(store, 0);
  await connectClient(store, 'alice', 0);
  const before = await append(store, inbox('alice'));
  await eventually(async () => expect(await replica.command('LLEN', await onlyList(replica))).toBe(1));
  await eventually(async () => expect(await sentinel.replicas()).toBe(1));
  await master.kill();
  await sentinel.failover();
  const after = await eventually(() => append(store, inbox('alice')));
  expect(after.position.offset).toBe(2);
  expect(after.position.generation).not.toBe(before.position.generation);
  expect(await store.logs.read(inbox('alice'), before.position)).toMatchObject({ recovered: true, entries: [{}] });
  await eventually(() => expect(heard.connects()).toBeGreaterThan(1));
  await append(store, inbox('alice'));
  await eventually(() => expect(heard.items().at(-1)?.entry.offset).toBe(3));
}, 120_000);

async function onlyList(redis: PrivateRedis): Promise<string> {
  const keys = (await redis.command('KEYS', '*:l:*')) as string[];
  return keys[0] ?? '';
}
