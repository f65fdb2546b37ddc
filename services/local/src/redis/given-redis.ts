import { setTimeout as sleep } from 'node:timers/promises';
import { isFlotillaError } from '@flotilla-im/protocol';
import { createRedisStore, type Store } from '@flotilla-im/store';
import { Problem } from '../problem.ts';

/** The address of a Redis without what lets somebody in. */
export function redactUrl(url: string): string {
  return url.replace(/\/\/[^@/]*@/u, '//');
}

/**
 * Connects to a Redis that was started elsewhere, or by us a moment ago.
 *
 * @throws {Problem} when it does not answer or cannot be used
 */
export async function openStore(url: string, cluster: string): Promise<Store> {
  try {
    return await createRedisStore({ url, cluster });
  } catch (error) {
    if (!isFlotillaError(error)) throw error;
    const hint =
      error.code === 'store_unavailable'
        ? ' Start it, or leave --redis out: then one is obtained for you.'
        : ' Name another with --redis, or leave that out: then one is obtained for you.';
    throw new Problem(`Redis at ${redactUrl(url)} cannot be used: ${error.message}.${hint}`);
  }
}

/** Two heartbeats of a living shard fit into this. */
const LISTEN_MS = 1_200;

/**
 * Makes sure that nobody else runs a cluster of this name on a Redis that several may use.
 *
 * @throws {Problem} when shards are alive there
 */
export async function refuseWhenInUse(store: Store, cluster: string): Promise<void> {
  const before = new Map((await store.leases.list()).map((lease) => [lease.incarnation, lease.counter]));
  if (before.size === 0) return;
  await sleep(LISTEN_MS);
  const isAlive = (await store.leases.list()).some(({ incarnation, counter }) => before.get(incarnation) !== counter);
  if (!isAlive) return;
  throw new Problem(
    `Shards of a cluster called ${cluster} are alive on this Redis, started somewhere else. ` +
      '--cluster gives this one another name.',
  );
}
