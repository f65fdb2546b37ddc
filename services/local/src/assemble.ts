import { randomBytes } from 'node:crypto';
import type { Closers } from './closers.ts';
import { type ChildServices, createChildServices } from './cluster/child-services.ts';
import type { Store } from '@flotilla-im/store';
import type { ClusterIdentity, ClusterParts, Stoppable } from './cluster/cluster-parts.ts';
import { createOneProcessCluster } from './cluster/one-process-cluster.ts';
import { createProcessCluster } from './cluster/process-cluster.ts';
import type { LauncherDeps } from './launcher-deps.ts';
import { DEFAULTS, type LocalOptions } from './options.ts';
import { debianRedis } from './redis/debian-redis.ts';
import { dockerRedis } from './redis/docker-redis.ts';
import { findRedis, type RedisFound } from './redis/find-redis.ts';
import { openStore, redactUrl, refuseWhenInUse } from './redis/given-redis.ts';
import { startPrivateRedis } from './redis/private-redis.ts';
import { redisOnPath } from './redis/redis-on-path.ts';
import { createStartGuard, type StartGuard } from './start-guard.ts';
import { ensureTokenKeys } from './state/token-keys.ts';

/** A cluster whose parts are chosen, and whose shared state answers. */
export interface Assembled {
  readonly parts: ClusterParts;
  readonly identity: ClusterIdentity;
  /** Null in one process. */
  readonly redisUrl: string | null;
  /** Which Redis it is, for the screen. */
  readonly redisTitle: string;
  readonly notes: readonly string[];
  readonly guard: StartGuard;
}

/** Chooses where the shared state lives, in the order that the help states, and makes the cluster's parts for it. */
export async function assemble(options: LocalOptions, deps: LauncherDeps, closers: Closers): Promise<Assembled> {
  const { state, folderId } = deps;
  await ensureTokenKeys(state.tokenKeys, randomBytes);
  const ownName = options.redisUrl === null ? DEFAULTS.cluster : `${DEFAULTS.cluster}-${folderId}`;
  const identity = { cluster: options.cluster ?? ownName, tokenKeysFile: state.tokenKeys };
  const guard = createStartGuard(state.logOf);
  const services = createChildServices({ ...deps, logOf: state.logOf, onEnd: guard.ended });
  const base = { identity, guard };
  closers.check();
  if (options.redisUrl !== null) return onGivenRedis(options.redisUrl, base, services, deps, closers);
  const found = options.isMemory ? null : await findOwnRedis(deps);
  if (found === null || found.kind === 'none') return inOneProcess(found?.failures ?? null, base, deps, closers);
  closers.check();
  return onOwnRedis(found, base, services, deps, closers);
}

type Base = Pick<Assembled, 'identity' | 'guard'>;

function findOwnRedis({ system, cacheFolder, progress, say }: LauncherDeps): Promise<RedisFound> {
  const search = findRedis({
    onPath: redisOnPath(system),
    container: dockerRedis(system, say),
    package: debianRedis(system, cacheFolder, say),
  });
  return progress.during('Looking for Redis', search);
}

async function onGivenRedis(
  redisUrl: string,
  base: Base,
  services: ChildServices,
  { state, progress }: LauncherDeps,
  closers: Closers,
): Promise<Assembled> {
  const { cluster } = base.identity;
  const store = await progress.during(`Connecting to ${redactUrl(redisUrl)}`, openStore(redisUrl, cluster));
  closers.add(closing(store));
  const parts = createProcessCluster({ identity: base.identity, redisUrl, store, state, services });
  await progress.during('Looking whether somebody else uses it', refuseWhenInUse(store, cluster));
  return { ...base, parts, redisUrl, redisTitle: `${redactUrl(redisUrl)}, as given`, notes: [] };
}

async function onOwnRedis(
  found: Exclude<RedisFound, { kind: 'none' }>,
  base: Base,
  services: ChildServices,
  deps: LauncherDeps,
  closers: Closers,
): Promise<Assembled> {
  const { state, folderId, progress } = deps;
  const redis = await progress.during(
    'Starting Redis',
    startPrivateRedis(found, folderId, DEFAULTS.redisPort, {
      ...deps,
      start: services.start,
      keep: (supervised) => closers.add(supervised),
      onEnd: (end, retryMs) => services.tellEnd('redis', end, retryMs),
    }),
  );
  const store = await openStore(redis.url, base.identity.cluster);
  closers.add(closing(store));
  const parts = createProcessCluster({ identity: base.identity, redisUrl: redis.url, store, state, services });
  const { title } = found.kind === 'container' ? found.container : found.program;
  return { ...base, parts, redisUrl: redis.url, redisTitle: `${redis.url} (${title})`, notes: [] };
}

function closing(store: Store): Stoppable {
  return { stop: () => store.close(), kill: () => {} };
}

async function inOneProcess(
  failures: readonly string[] | null,
  base: Base,
  deps: LauncherDeps,
  closers: Closers,
): Promise<Assembled> {
  const parts = await createOneProcessCluster({ ...base, ...deps });
  closers.add(closing(parts.store));
  const why = failures === null ? [] : ['No Redis was found here:', ...failures.map((failure) => `  ${failure}`)];
  const ways =
    'For a real one: install redis-server 7 or newer, start Docker, or name one with npm start -- --redis URL.';
  const notes = [
    'Everything runs in one process, on a store in memory: what is sent is lost when it stops.',
    'scale, restart and kill work on shards that are objects in that process.',
    ...why,
    ways,
  ];
  return { ...base, parts, redisUrl: null, redisTitle: 'none: one process, in memory', notes };
}
