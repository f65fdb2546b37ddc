import type { ShardEntry, ShardMap } from './shard-map.ts';
import { expandSlots } from './slot-runs.ts';
import { slotOf } from './slots.ts';

/** A shard map made ready for look-ups. */
export interface CompiledMap {
  readonly map: ShardMap;
  readonly epoch: number;
  /** Shard id by slot; empty when there is no shard. */
  readonly home: Uint16Array;
  /** Shard id by slot; empty when nobody serves. */
  readonly owner: Uint16Array;
  readonly shards: ReadonlyMap<number, ShardEntry>;
}

/**
 * Makes a map ready for look-ups: once per epoch.
 *
 * @throws {FlotillaError} bad_map when its runs do not add up
 */
export function compileMap(map: ShardMap): CompiledMap {
  const shards = new Map(map.shards.map((shard) => [shard.id, shard]));
  return { map, epoch: map.epoch, home: expandSlots(map.home), owner: expandSlots(map.owner), shards };
}

function shardAt(table: Uint16Array, slot: number, shards: ReadonlyMap<number, ShardEntry>): ShardEntry | null {
  const id = table[slot];
  return id === undefined ? null : (shards.get(id) ?? null);
}

/** The shard that serves a slot now, or null when none does. */
export function ownerOfSlot(map: CompiledMap, slot: number): ShardEntry | null {
  return shardAt(map.owner, slot, map.shards);
}

/** The shard that serves a client now: where its new connections belong. Null when there is none (`no_shards`). */
export function ownerOf(map: CompiledMap, clientId: string): ShardEntry | null {
  return ownerOfSlot(map, slotOf(clientId));
}

/** The shard that a client belongs to when nothing is away. */
export function homeOf(map: CompiledMap, clientId: string): ShardEntry | null {
  return shardAt(map.home, slotOf(clientId), map.shards);
}
