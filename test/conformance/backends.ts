import { randomBytes } from 'node:crypto';
import { createMemoryStore, createRedisStore, type LogLimits, type StateOptions, type Store } from '@flotilla-im/store';
import { startRedis } from '../integration/redis-harness.ts';
import { startRedisCluster } from '../integration/redis-cluster-harness.ts';

/** What a store under test is made with. */
export interface BackendOptions {
  readonly logs?: Partial<LogLimits>;
  readonly state?: StateOptions;
}

/** Something that stores can be made on. */
export interface Backend {
  /** As in `BACKENDS`. */
  readonly name: string;
  /** A store of a cluster of its own, closed with the backend. */
  createStore(options?: BackendOptions): Promise<Store>;
  /** Closes the stores and ends what was started. */
  stop(): Promise<void>;
}

async function onRedis(name: string, started: Promise<{ url: string; stop: () => Promise<void> }>): Promise<Backend> {
  const { url, stop } = await started;
  const stores: Store[] = [];
  return {
    name,
    async createStore(options = {}) {
      const cluster = `test-${randomBytes(6).toString('hex')}`;
      // On a slow machine a thousand commands at once take their time; that is no outage.
      const store = await createRedisStore({ url, cluster, commandTimeoutMs: 15_000, ...options });
      stores.push(store);
      return store;
    },
    async stop() {
      await Promise.all(stores.map((store) => store.close(0)));
      await stop();
    },
  };
}

/** Every implementation of the store; a conformance suite runs over all of them. */
export const BACKENDS: readonly { readonly name: string; readonly start: () => Promise<Backend> }[] = Object.freeze([
  {
    name: 'memory',
    start: () =>
      Promise.resolve({
        name: 'memory',
        createStore: (options: BackendOptions = {}) =>
          Promise.resolve(createMemoryStore({ cluster: 'test', ...options })),
        stop: () => Promise.resolve(),
      }),
  },
  { name: 'Redis', start: () => onRedis('Redis', startRedis()) },
  { name: 'Redis Cluster', start: () => onRedis('Redis Cluster', startRedisCluster()) },
]);
