import { startRedis } from '../../../integration/redis-harness.ts';
import { prefer } from '../processes/prefer.ts';
import { underFullDisk } from './disk.ts';
import { createRedisControl } from './redis-control.ts';
import type { RedisPlace, RedisSettings } from './redis-place.ts';

/** How the chart has its own Redis write its file anew (charts/flotilla/templates/redis/_config.tpl and its values). */
const REWRITING = { 'auto-aof-rewrite-min-size': '256mb', rdbcompression: 'no' };

/** What every Redis of a system is told. Written every second, a full disk is survived: Redis refuses writes until there is room. */
export function redisSettings({ folder, appendfsync }: RedisSettings): Record<string, string> {
  return { appendfsync, 'maxmemory-policy': 'noeviction', logfile: `${folder}/redis.log`, ...REWRITING };
}

/** Starts one Redis that keeps a file. */
export async function startSingleRedis(settings: RedisSettings): Promise<RedisPlace> {
  const redis = await startRedis({
    appendonly: true,
    folder: settings.folder,
    settings: redisSettings(settings),
    under: underFullDisk,
    hasOwnSession: true,
  });
  const pid = redis.pid();
  if (settings.isPreferred && pid !== null) prefer(pid);
  return {
    ports: [redis.port],
    sentinelPort: null,
    urlAt: (port) => `redis://127.0.0.1:${String(port)}`,
    control: (url) =>
      createRedisControl({
        topology: 'single',
        url,
        master: () => redis,
        findMaster: () => Promise.resolve(redis),
        failover: () => Promise.reject(new Error('There is no Sentinel that could promote a replica.')),
      }),
    wake: () => redis.resume(),
    close: () => redis.stop(),
  };
}
