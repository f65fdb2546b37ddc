import { parseShardMap, type ShardMap } from '@flotilla-im/protocol';
import type { MapStore } from './map.ts';

/** The shard map in memory; kept as text, so that readers get what they would get from Redis. */
export function createMemoryMapStore(hint: (topic: string, text: string) => void): MapStore {
  let stored: { readonly epoch: number; readonly json: string } | null = null;
  return {
    publish(map: ShardMap) {
      const json = JSON.stringify(map);
      const isStale =
        stored !== null && (stored.epoch > map.epoch || (stored.epoch === map.epoch && stored.json !== json));
      if (isStale) return Promise.resolve('stale');
      if (stored?.json !== json) {
        stored = { epoch: map.epoch, json };
        hint('map', String(map.epoch));
      }
      return Promise.resolve('published');
    },
    read: () => new Promise((resolve) => resolve(stored === null ? null : parseShardMap(stored.json))),
  };
}
