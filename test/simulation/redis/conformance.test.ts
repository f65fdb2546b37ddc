import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { createRedisStore, type Store } from '@flotilla-im/store';
import type { Backend } from '../../conformance/backends.ts';
import { suites } from '../../conformance/suites.ts';
import { listenRedis, type ListeningRedis } from './listen.ts';

/** What holds of the store over Redis holds over the Redis of the simulation: the same suites, the same scripts, the same client. */
describe('over the Redis of the simulation', () => {
  const stores: Store[] = [];
  let redis: ListeningRedis;
  let backend: Backend;
  beforeAll(async () => {
    redis = await listenRedis();
    const { url } = redis;
    backend = {
      name: 'Redis',
      async createStore(options = {}) {
        const cluster = `test-${randomBytes(6).toString('hex')}`;
        const store = await createRedisStore({ url, cluster, commandTimeoutMs: 15_000, ...options });
        stores.push(store);
        return store;
      },
      stop: () => redis.stop(),
    };
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close(0)));
    await redis.stop();
  });
  for (const suite of suites) suite(() => backend);
});
