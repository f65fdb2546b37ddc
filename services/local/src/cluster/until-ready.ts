import { setTimeout as sleep } from 'node:timers/promises';
import type { FleetKeeper } from '../fleet/fleet-keeper.ts';
import { Problem } from '../problem.ts';
import { shardCount } from '../screen/map-events.ts';
import type { MapWatch } from './map-watch.ts';

/** How long a cluster may take to be ready. */
const LIMIT_MS = 120_000;

/**
 * Waits until every shard serves, the map says so, and the demo answers.
 *
 * @throws {Problem} when that takes too long
 */
export async function untilReady(keeper: FleetKeeper, map: MapWatch, demo: string): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), LIMIT_MS);
  try {
    await Promise.all([
      untilTrue(() => keeper.ids.every((id) => keeper.isReady(id)), limit.signal),
      map.until((next) => isComplete(next, keeper.desired), LIMIT_MS),
      untilTrue(() => answers(demo), limit.signal),
    ]);
  } finally {
    clearTimeout(timer);
  }
  if (limit.signal.aborted) throw new Problem('The cluster is not ready after two minutes; its logs say more.');
}

function isComplete(map: Parameters<Parameters<MapWatch['until']>[0]>[0], count: number): boolean {
  return shardCount(map) === count && map.shards.filter(({ state }) => state === 'up').length === count;
}

async function untilTrue(check: () => boolean | Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await check())) await sleep(50);
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}
