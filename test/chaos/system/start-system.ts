import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createRedisStore } from '@flotilla-im/store';
import { startProxies } from '../proxy/start-proxies.ts';
import type { Ground } from './ground.ts';
import { createDirectLinks, createLinks, type Links } from './links.ts';
import { createPrograms } from './processes/programs.ts';
import { buildReleases } from './processes/released.ts';
import type { RedisPlace } from './redis/redis-place.ts';
import { startSentinelRedis } from './redis/sentinel-redis.ts';
import { startSingleRedis } from './redis/single-redis.ts';
import { startShards } from './shards/start-shards.ts';
import { startOperator } from './start-operator.ts';
import { makeSystemFiles } from './system-files.ts';
import type { RedisControl, System } from './system.ts';

/** What system is wanted. */
export interface SystemSettings {
  /** For its files: `logs/<program>.log`, `redis/`. Made where it is not there, and removed at the end. */
  readonly folder: string;
  /** Whether the folder stays; default false. */
  readonly keepsFolder?: boolean;
  /** How many shards at first. */
  readonly shards: number;
  /** How many there will ever be; default: no more than at first. */
  readonly mostShards?: number;
  readonly topology: RedisControl['topology'];
  /**
   * Whether there are links between the parts, which can misbehave; default true. Without, the machine is meant to be used to its
   * end, and Redis goes before everything else.
   */
  readonly hasLinks?: boolean;
  /** Limits of the shards, as their variables name them; default: as many connections from one address as there are clients. */
  readonly limits?: Readonly<Record<`FLOTILLA_LIMIT_${string}`, number>>;
  /** Whether shards and operator run as their images have them, which takes some seconds to build; default: from their sources. */
  readonly isReleased?: boolean;
  /** When Redis has its file written to the disk; default `everysec`. With `always` it ends when the disk is full. */
  readonly appendfsync?: 'always' | 'everysec' | 'no';
}

const CLUSTER = 'chaos';
/** So long the first start may take. */
const START_MS = 60_000;
/** All clients come from one address here. */
const LIMITS = { FLOTILLA_LIMIT_CONNECTIONS_PER_ADDRESS: 1_000_000 };

/**
 * Starts everything and resolves once every shard is ready and every slot at home.
 *
 * @throws Error when that takes too long; what was started has ended then
 */
export async function startSystem(settings: SystemSettings): Promise<System> {
  const ends: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    return { ...(await start(settings, (end) => ends.push(end))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(settings: SystemSettings, atEnd: Ground['atEnd']): Promise<Omit<System, 'close'>> {
  const { folder, shards: count, keepsFolder = false, isReleased = false, limits } = settings;
  const files = await makeSystemFiles(folder);
  if (!keepsFolder) atEnd(() => rm(folder, { recursive: true, force: true }));
  const programs = createPrograms(files.logs, isReleased ? await buildReleases(join(folder, 'images')) : new Map());
  atEnd(() => programs.close());
  const redis = await startRedis(settings, files.redis);
  atEnd(() => redis.close());
  const store = await createRedisStore({
    url: redis.urlAt(redis.sentinelPort ?? redis.ports[0] ?? 0),
    cluster: CLUSTER,
  });
  atEnd(() => store.close(0));
  const links = openLinks(settings, redis, atEnd);
  const ground = { cluster: CLUSTER, files, programs, links, store, atEnd };
  const [operator, shards] = await Promise.all([
    startOperator(ground),
    startShards(ground, count, { ...LIMITS, ...limits }),
  ]);
  // Nobody is to wait for the answer of a Redis that is stopped.
  atEnd(() => redis.wake());
  await shards.whole(START_MS);
  const control = redis.control(await links.toRedis('business-redis'));
  return {
    cluster: CLUSTER,
    tokenKeysFile: files.tokenKeys,
    redis: control,
    shards,
    operator,
    link: (name) => links.get(name),
  };
}

function openLinks(
  { hasLinks = true, shards, mostShards = shards }: SystemSettings,
  redis: RedisPlace,
  atEnd: Ground['atEnd'],
): Links {
  if (!hasLinks) return createDirectLinks(redis);
  const proxy = startProxies(mostShards);
  atEnd(() => proxy.close());
  return createLinks(proxy, redis);
}

function startRedis(
  { topology, appendfsync = 'everysec', hasLinks = true }: SystemSettings,
  folder: string,
): Promise<RedisPlace> {
  const settings = { folder, appendfsync, isPreferred: !hasLinks };
  return topology === 'single' ? startSingleRedis(settings) : startSentinelRedis(settings);
}
