import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, type PrivateRedis } from './redis-harness.ts';

/** A Sentinel of the test's own, which watches one master that it calls `main`. */
export interface PrivateSentinel {
  readonly port: number;
  /** `redis+sentinel://` with this one. */
  readonly url: string;
  readonly stop: () => void;
}

/** Starts it; it gives a master up that is silent for 400 ms. Stop it in the test's teardown. */
export async function startSentinel(master: PrivateRedis): Promise<PrivateSentinel> {
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
  const stop = (): void => void child.kill('SIGKILL');
  return { port, url: `redis+sentinel://127.0.0.1:${port}/0?master=main`, stop };
}

/** How many replicas of its master a Sentinel knows. */
export async function knownReplicas(port: number): Promise<number> {
  const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => null });
  client.on('error', () => {});
  try {
    return ((await client.call('SENTINEL', 'REPLICAS', 'main')) as unknown[]).length;
  } finally {
    client.disconnect();
  }
}
