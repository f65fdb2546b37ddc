import { type CompiledMap, ownerOfSlot, type ShardEntry } from '@flotilla-im/protocol';
import type { ShardReport } from '@flotilla-im/store';

/**
 * Where a client of a slot belongs when it is not here: the slot's owner. For a pod that leaves and still owns the slot
 * (nobody has said otherwise in time) any other shard, since any shard serves any client.
 *
 * @param others - shards that take clients, without this one
 * @param mustLeave - whether the pod leaves and does not wait for the map any more
 * @returns null when it belongs here, or when there is nobody else
 */
export function destinationOf(
  map: CompiledMap | null,
  slot: number,
  shard: number,
  others: readonly ShardEntry[],
  mustLeave: boolean,
): ShardEntry | null {
  const owner = map === null ? null : ownerOfSlot(map, slot);
  if (owner !== null && owner.id !== shard && others.includes(owner)) return owner;
  return mustLeave ? (others[slot % others.length] ?? null) : null;
}

/** What each shard reports. The lease of a killed incarnation may outlive it beside its successor's: one that stays counts. */
export function reportsByShard<T extends ShardReport & { readonly shard: number }>(
  leases: readonly T[],
): Map<number, T> {
  const reports = new Map<number, T>();
  for (const lease of leases) {
    if (lease.state !== 'draining' || !reports.has(lease.shard)) reports.set(lease.shard, lease);
  }
  return reports;
}

/**
 * Shards that take clients, without `shard`: those that the map calls up and, once reports are known, that report and do
 * not say that they are leaving.
 */
export function takersOf(
  map: CompiledMap | null,
  shard: number,
  reports: ReadonlyMap<number, ShardReport>,
): readonly ShardEntry[] {
  if (map === null) return [];
  return map.map.shards.filter(({ id, state }) => {
    if (id === shard || state !== 'up') return false;
    return reports.size === 0 || (reports.get(id)?.state ?? 'draining') !== 'draining';
  });
}

/** Whether the map gives slots to the shard. */
export function ownsSlots(map: CompiledMap | null, shard: number): boolean {
  return map?.owner.includes(shard) ?? false;
}

/** How many slots the map gives the shard. */
export function slotsOwned(map: CompiledMap | null, shard: number): number {
  return map?.owner.reduce((count, owner) => (owner === shard ? count + 1 : count), 0) ?? 0;
}
