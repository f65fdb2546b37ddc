import type { ShardMap } from '@flotilla-im/protocol';
import type { MapAuthority } from '../act/map-authority.ts';

/** The map's authority in this process's memory, for a cluster that lives and ends with it. */
export function createMemoryAuthority(): MapAuthority {
  let current: ShardMap | null = null;
  const versionOf = (map: ShardMap | null): string | null => (map === null ? null : String(map.epoch));
  return {
    read: () => Promise.resolve(current === null ? null : { map: current, version: String(current.epoch) }),
    write(map, version) {
      if (versionOf(current) !== version) return Promise.resolve('conflict');
      current = map;
      return Promise.resolve('written');
    },
  };
}
