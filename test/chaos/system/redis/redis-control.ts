import { setTimeout as sleep } from 'node:timers/promises';
import type { PrivateRedis } from '../../../integration/redis-harness.ts';
import type { RedisControl } from '../system.ts';
import { setDiskFull } from './disk.ts';

/** What differs between a Redis alone and one behind a Sentinel. */
export interface RedisControlDeps {
  readonly topology: RedisControl['topology'];
  readonly url: string;
  /** The master, as known so far. */
  readonly master: () => PrivateRedis;
  /** Finds out who is the master now. */
  readonly findMaster: () => Promise<PrivateRedis>;
  readonly failover: RedisControl['failover'];
}

/** Faults and figures of the present master. */
export function createRedisControl({ topology, url, master, findMaster, failover }: RedisControlDeps): RedisControl {
  let stopped: PrivateRedis | null = null;
  let full: PrivateRedis | null = null;
  const told = async (section: string, name: string): Promise<string> =>
    wordIn(String(await (await findMaster()).command('INFO', section)), name);
  const figure = async (section: string, name: string): Promise<number> => Number(await told(section, name));
  return {
    topology,
    url,
    restart: async () => (await findMaster()).restart(),
    async away(ms) {
      const redis = await findMaster();
      await redis.end();
      await sleep(ms);
      await redis.start();
    },
    stop() {
      stopped = master();
      stopped.pause();
    },
    cont() {
      (stopped ?? master()).resume();
      stopped = null;
    },
    async flushAll() {
      const redis = await findMaster();
      await redis.command('FLUSHALL');
    },
    failover,
    async fillDisk() {
      const redis = await findMaster();
      const pid = redis.pid();
      if (pid === null || !(await setDiskFull(pid, true))) return false;
      full = redis;
      return true;
    },
    async freeDisk() {
      const pid = full?.pid() ?? null;
      full = null;
      // A later process of this Redis has no limit; to lift it again does no harm.
      if (pid !== null) await setDiskFull(pid, false);
    },
    version: () => told('server', 'redis_version'),
    commands: () => figure('stats', 'total_commands_processed'),
    keys: async () => Number(await (await findMaster()).command('DBSIZE')),
    usedBytes: () => figure('memory', 'used_memory'),
  };
}

/** What Redis tells of itself by a name. @throws Error when it does not */
function wordIn(info: string, name: string): string {
  const [, value] = new RegExp(`^${name}:(\\S+)`, 'mu').exec(info) ?? [];
  if (value === undefined) throw new Error(`Redis does not tell its ${name}.`);
  return value;
}
