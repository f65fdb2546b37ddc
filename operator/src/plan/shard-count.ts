import { isServing, type Observation } from './observation.ts';

/**
 * How many shards the map is to have. Down at once: the map first, then the pods drain. Up by those next in line that
 * already serve without a gap, so that the map never names a shard nobody can reach. A shard of the map that is away
 * does not shorten it: its slots are lent.
 */
export function planShardCount(current: number, observation: Observation): number {
  const { desired, firstId, shards } = observation;
  if (desired <= current) return desired;
  const serving = new Set(shards.filter(isServing).map((shard) => shard.id));
  let count = current;
  while (count < desired && serving.has(firstId + count)) count += 1;
  return count;
}
