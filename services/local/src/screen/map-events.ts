import { movementBetween } from '@flotilla-im/operator/local';
import { expandSlots, SLOT_COUNT, type ShardMap } from '@flotilla-im/protocol';

/** What changed from one map to the next, in lines for a person. */
export function describeChange(before: ShardMap | null, after: ShardMap): string[] {
  if (before === null) return [];
  const counts = [shardCount(before), shardCount(after)] as const;
  const lines = counts[0] === counts[1] ? [] : [scaledLine(before, after)];
  const was = new Map(before.shards.map((shard) => [shard.id, shard.state]));
  const homes = new Set(expandSlots(after.home));
  for (const { id, state } of after.shards) {
    const had = was.get(id);
    if (had === undefined || had === state || !homes.has(id)) continue;
    if (state === 'up') lines.push(`Shard ${id} has its ${slots(homeCount(after, id))} back.`);
    else if (had === 'up') lines.push(lentLine(after, id, state));
  }
  return lines;
}

/** How many shards of a map have slots of their own. */
export function shardCount(map: ShardMap): number {
  return new Set(map.home.filter((_, i) => i % 2 === 0)).size;
}

/** How many slots belong to a shard. */
export function homeCount(map: ShardMap, id: number): number {
  return expandSlots(map.home).filter((home) => home === id).length;
}

/** How many slots a shard serves. */
export function ownedCount(map: ShardMap, id: number): number {
  return expandSlots(map.owner).filter((owner) => owner === id).length;
}

function scaledLine(before: ShardMap, after: ShardMap): string {
  if (shardCount(after) === 0)
    return `${shardCount(before)} → 0 shards: none is left; messages are kept, and clients wait until there is one again.`;
  const { moved } = movementBetween(before, after);
  const share = ((moved / SLOT_COUNT) * 100).toFixed(1);
  return `${shardCount(before)} → ${shardCount(after)} shards: ${slots(moved)} moved (${share} %).`;
}

function lentLine(after: ShardMap, id: number, state: 'draining' | 'away'): string {
  const [home, owner] = [expandSlots(after.home), expandSlots(after.owner)];
  const lenders = [...new Set(owner.filter((_, slot) => home[slot] === id))].filter((lender) => lender !== id);
  const why = state === 'draining' ? 'is leaving' : 'is away';
  if (lenders.length === 0)
    return `Shard ${id} ${why}, and nobody is there to lend its ${slots(homeCount(after, id))} to.`;
  const to = `shard${lenders.length === 1 ? '' : 's'} ${lenders.sort((a, b) => a - b).join(', ')}`;
  return `Shard ${id} ${why}: its ${slots(homeCount(after, id))} are lent to ${to}.`;
}

function slots(count: number): string {
  return `${count} slot${count === 1 ? '' : 's'}`;
}
