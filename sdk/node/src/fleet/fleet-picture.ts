import type { CompiledMap, ShardEntry } from '@flotilla-im/protocol';
import type { Lease } from '@flotilla-im/store';
import type { Fleet, FleetMove, FleetShard } from './fleet.ts';

/** What a picture is made of. */
export interface FleetFacts {
  readonly map: CompiledMap | null;
  readonly leases: readonly Lease[];
  /** Messages a second by incarnation. */
  readonly rates: ReadonlyMap<string, number>;
  readonly moves: readonly FleetMove[];
  /** Milliseconds since 1970. */
  readonly at: number;
}

const BY_READINESS = ['up', 'starting', 'draining'] as const;

/** Puts the map and the shards' own reports together. While a shard is replaced, both incarnations count for it. */
export function fleetOf({ map, leases, rates, moves, at }: FleetFacts): Fleet {
  const owned = countOf(map?.owner);
  const homes = countOf(map?.home);
  const shards = [...(map?.shards.values() ?? [])].map((shard) =>
    shardOf(
      shard,
      leases.filter((lease) => lease.shard === shard.id),
      rates,
      { owned: owned.get(shard.id) ?? 0, home: homes.get(shard.id) ?? 0 },
    ),
  );
  return {
    epoch: map?.epoch ?? 0,
    shards: shards.sort((a, b) => a.shard - b.shard),
    connections: leases.reduce((sum, lease) => sum + lease.connections, 0),
    slotsLent: lentOf(map),
    slotOwners: map?.map.owner ?? [],
    slotHomes: map?.map.home ?? [],
    moves,
    at,
  };
}

function shardOf(
  { id, url, state }: ShardEntry,
  leases: readonly Lease[],
  rates: ReadonlyMap<string, number>,
  slots: { owned: number; home: number },
): FleetShard {
  const known = leases.flatMap(({ incarnation }) => rates.get(incarnation) ?? []);
  const newest = leases.toSorted((a, b) => b.epoch - a.epoch)[0];
  return {
    shard: id,
    url,
    state,
    report: BY_READINESS.find((report) => leases.some((lease) => lease.state === report)) ?? null,
    connections: sum(leases.map((lease) => lease.connections)),
    guests: sum(leases.map((lease) => lease.guests)),
    staying: sum(leases.map((lease) => lease.staying ?? 0)),
    deliveredPerSecond: known.length === 0 ? null : sum(known),
    slotsOwned: slots.owned,
    slotsHome: slots.home,
    epoch: newest?.epoch ?? null,
    version: newest?.version ?? null,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function countOf(table: Uint16Array | undefined): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const shard of table ?? []) counts.set(shard, (counts.get(shard) ?? 0) + 1);
  return counts;
}

function lentOf(map: CompiledMap | null): number {
  return map === null ? 0 : map.owner.reduce((lent, owner, slot) => lent + (owner === map.home[slot] ? 0 : 1), 0);
}
