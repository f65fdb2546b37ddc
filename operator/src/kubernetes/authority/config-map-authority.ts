import { isFlotillaError, parseShardMap, type ShardMap } from '@flotilla-im/protocol';
import type { MapAuthority } from '../../act/map-authority.ts';
import type { ConfigMapStore } from './config-map.ts';
import { mapJson, mapSummary } from './map-text.ts';

/** Key of the ConfigMap that holds the map. */
export const MAP_KEY = 'map.json';

/** Key of the ConfigMap that tells people of the map. */
export const SUMMARY_KEY = 'summary';

/**
 * The map's authority in a ConfigMap: compare-and-swap by its resource version, so of two operators that write, one does.
 * What somebody has edited until it is no map reads as none, and is written again.
 */
export function createConfigMapAuthority(store: ConfigMapStore): MapAuthority {
  return {
    // A function that is async, since what it throws is to be a rejection.
    // eslint-disable-next-line @typescript-eslint/require-await
    async read() {
      const found = store.read();
      if (found === null) return null;
      return { map: readMap(found.data?.[MAP_KEY]), version: found.metadata?.resourceVersion ?? '' };
    },
    write: (map, version) => store.write({ [MAP_KEY]: mapJson(map), [SUMMARY_KEY]: mapSummary(map) }, version),
  };
}

/** The map of a ConfigMap; null: none, or none that can be read. @throws {FlotillaError} map_unsupported: newer software wrote it, and this operator must not overwrite it */
export function readMap(text: string | undefined): ShardMap | null {
  if (text === undefined) return null;
  try {
    return parseShardMap(text);
  } catch (error) {
    if (isFlotillaError(error) && error.code === 'bad_map') return null;
    throw error;
  }
}
