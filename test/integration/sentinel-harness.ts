import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { freePort, type PrivateRedis, redisCommand } from './redis-harness.ts';

/** So long a master may be silent: a failover is made when it is asked for, not whenever the machine stalls. */
const DOWN_AFTER_MS = 60_000;
/** A Sentinel whose machine stalled for two seconds trusts no clock and does nothing for so long (TILT; 30 s by default). */
const TILT_MS = 1_000;

/** A Sentinel process that watches one master, under the name `main`, and decides alone. */
export interface PrivateSentinel {
  readonly port: number;
  /** `redis+sentinel://` with this one. */
  readonly url: string;
  /** One command over a connection of its own. */
  readonly command: (name: string, ...args: string[]) => Promise<unknown>;
  /** How many replicas of the master it knows. */
  readonly replicas: () => Promise<number>;
  /** The port of whom it holds for the master. */
  readonly masterPort: () => Promise<number>;
  /** Makes the replica the master, though the master may be gone, and waits until it is. */
  readonly failover: () => Promise<void>;
  readonly stop: () => void;
}

/**
 * Starts a Sentinel whose file lies in the master's folder.
 *
 * @param under - as `under` of a private Redis
 */
export async function startSentinel(master: PrivateRedis, under: readonly string[] = []): Promise<PrivateSentinel> {
  const port = await freePort();
  const file = join(master.folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor main ${master.host} ${master.port} 1`,
    `sentinel down-after-milliseconds main ${DOWN_AFTER_MS}`,
    'sentinel failover-timeout main 2000',
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const words = [...under, process.env['REDIS_SERVER'] ?? 'redis-server', file, '--sentinel'];
  const child = spawn(words[0] ?? '', words.slice(1), { stdio: 'ignore' });
  const ask = (name: string, ...args: string[]): Promise<unknown> => redisCommand(port, undefined, name, args);
  await eventually(() => ask('SENTINEL', 'DEBUG', 'tilt-period', String(TILT_MS)), 60_000);
  const masterPort = async (): Promise<number> => {
    const address = (await ask('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'main')) as string[] | null;
    return Number(address?.[1]);
  };
  return {
    port,
    url: `redis+sentinel://127.0.0.1:${port}/0?master=main`,
    command: ask,
    replicas: async () => ((await ask('SENTINEL', 'REPLICAS', 'main')) as unknown[]).length,
    masterPort,
    async failover() {
      const before = await masterPort();
      await eventually(async () => {
        const asked: unknown = await ask('SENTINEL', 'FAILOVER', 'main').catch((error: unknown) => error);
        if ((await masterPort()) === before) throw new Error(`there is no other master yet: ${String(asked)}`);
      }, 60_000);
    },
    stop: () => void child.kill('SIGKILL'),
  };
}
