import { parseShardMap } from '@flotilla-im/protocol';
import type { MapStore } from './map.ts';
import type { RedisConnection } from './redis/connection.ts';

/** The shard map, mirrored in Redis. */
export function createRedisMapStore(connection: RedisConnection): MapStore {
  const { keys } = connection;
  return {
    async publish(map) {
      const args = [map.epoch, JSON.stringify(map), `${keys.hintChannelPrefix}map`];
      return (await connection.script('map-publish', [keys.map], args)) === 'stale' ? 'stale' : 'published';
    },
    async read() {
      const json = await connection.command('HGET', keys.map, 'map');
      return typeof json === 'string' ? parseShardMap(json) : null;
    },
  };
}
