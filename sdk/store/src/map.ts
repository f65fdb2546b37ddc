import type { ShardMap } from '@flotilla-im/protocol';

/** The mirrored shard map. The epoch is minted elsewhere (ConfigMap, local file). */
export interface MapStore {
  /** `stale`: the store holds a newer epoch. Publishing the same map again is a no-op `published`. Announced on hint `map`. */
  publish(map: ShardMap): Promise<'published' | 'stale'>;
  /** null: none published. @throws `map_unsupported` for a schema this reader cannot use. */
  read(): Promise<ShardMap | null>;
}
