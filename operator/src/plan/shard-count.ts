import { isServing, type Observation } from './observation.ts';
import type { PlanOptions } from './options.ts';

/** A growth that waits for more shards. */
export interface Growth {
  /** How many shards could be in the map. */
  readonly to: number;
  /** Since when so many could; monotonic milliseconds. */
  readonly sinceMs: number;
}

/** How many shards the map is to have. */
export interface ShardCount {
  readonly count: number;
  /** Null when nothing is waited for. */
  readonly growth: Growth | null;
}

/**
 * How many shards the map is to have. Down at once: the map first, then the pods drain. Up by those next in line that
 * already serve without a gap, so that the map never names a shard nobody can reach; at once when those are all that are
 * wanted, else when no further one has joined them for a moment. A shard of the map that is away does not shorten it: its
 * slots are lent.
 */
export function planShardCount(
  current: number,
  observation: Observation,
  growth: Growth | null,
  options: PlanOptions,
): ShardCount {
  const { nowMs } = observation;
  const desired = observation.desired ?? current;
  const reachable = desired <= current ? desired : servingPrefix(current, desired, observation);
  if (reachable <= current || reachable === desired) return { count: reachable, growth: null };
  const waiting = growth?.to === reachable ? growth : { to: reachable, sinceMs: nowMs };
  if (nowMs - waiting.sinceMs >= options.growthSettleMs) return { count: reachable, growth: null };
  return { count: current, growth: waiting };
}

/** A shard joins only when clients can be sent to it: first what leads to it, then the map. */
function servingPrefix(current: number, desired: number, { firstId, shards }: Observation): number {
  const joining = shards.filter((shard) => isServing(shard) && shard.exposed);
  const serving = new Set(joining.map((shard) => shard.id));
  let count = current;
  while (count < desired && serving.has(firstId + count)) count += 1;
  return count;
}
