import { afterEach } from '@jest/globals';
import { createRedisStore, type RedisStoreOptions, type Store } from '@flotilla-im/store';
import { type PrivateRedis, type RedisOptions, startRedis } from '../redis-harness.ts';
import { type PrivateRedisCluster, startRedisCluster } from '../redis-cluster-harness.ts';

/** What a test of a store over Redis may start; all of it is ended after the test. */
export interface RedisFixture {
  readonly redis: (options?: RedisOptions) => Promise<PrivateRedis>;
  readonly cluster: () => Promise<PrivateRedisCluster>;
  readonly store: (url: string, options?: Partial<RedisStoreOptions>) => Promise<Store>;
  /** Ended after the test, after the stores and before Redis. */
  readonly later: (end: () => unknown) => void;
}

/** Call once at the top of a test file. */
export function useRedis(): RedisFixture {
  const ends: (() => unknown)[] = [];
  const later = (end: () => unknown): void => void ends.unshift(end);
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  return {
    later,
    redis: async (options) => {
      const redis = await startRedis(options);
      later(() => redis.stop());
      return redis;
    },
    cluster: async () => {
      const cluster = await startRedisCluster();
      later(() => cluster.stop());
      return cluster;
    },
    store: async (url, options = {}) => {
      // On a slow machine a burst of commands takes its time; that is no outage.
      const times = { connectTimeoutMs: 10_000, commandTimeoutMs: 6_000 };
      const store = await createRedisStore({ url, cluster: 'test', ...times, ...options });
      later(() => store.close(0));
      return store;
    },
  };
}
