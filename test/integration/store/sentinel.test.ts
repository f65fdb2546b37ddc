import { writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { append, connectClient, inbox, listenAs } from '../../conformance/given.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort, type PrivateRedis } from '../redis-harness.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();

async function startSentinel(master: PrivateRedis): Promise<number> {
  const port = await freePort();
  const file = join(master.folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor main ${master.host} ${master.port} 1`,
    'sentinel down-after-milliseconds main 400',
    'sentinel failover-timeout main 2000',
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const child = spawn(process.env['REDIS_SERVER'] ?? 'redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  fixture.later(() => child.kill('SIGKILL'));
  return port;
}

it('a store behind Sentinel follows a failover: calls, subscription and positions', async () => {
  const master = await fixture.redis();
  const replica = await fixture.redis({ settings: { replicaof: `${master.host} ${master.port}` } });
  await eventually(async () => expect(await replica.command('INFO', 'replication')).toContain('master_link_status:up'));
  const port = await startSentinel(master);
  const store = await fixture.store(`redis+sentinel://127.0.0.1:${port}/0?master=main`);
  const heard = await listenAs(store, 0);
  await connectClient(store, 'alice', 0);
  const before = await append(store, inbox('alice'));
  await eventually(async () => expect(await replica.command('LLEN', await onlyList(replica))).toBe(1));
  await eventually(async () => expect(await sentinelReplicas(port)).toBe(1));
  await master.kill();
  const after = await eventually(() => append(store, inbox('alice')));
  expect(after.position.offset).toBe(2);
  expect(after.position.generation).not.toBe(before.position.generation);
  expect(await store.logs.read(inbox('alice'), before.position)).toMatchObject({ recovered: true, entries: [{}] });
  await eventually(() => expect(heard.connects()).toBeGreaterThan(1));
  await append(store, inbox('alice'));
  await eventually(() => expect(heard.items().at(-1)?.entry.offset).toBe(3));
}, 60_000);

async function onlyList(redis: PrivateRedis): Promise<string> {
  const keys = (await redis.command('KEYS', '*:l:*')) as string[];
  return keys[0] ?? '';
}

async function sentinelReplicas(port: number): Promise<number> {
  const { Redis } = await import('ioredis');
  const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => null });
  client.on('error', () => {});
  try {
    return ((await client.call('SENTINEL', 'REPLICAS', 'main')) as unknown[]).length;
  } finally {
    client.disconnect();
  }
}
