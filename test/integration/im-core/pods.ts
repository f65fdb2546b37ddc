import { randomBytes } from 'node:crypto';
import { homeTable, type ShardMap, slotOf, slotRuns, withToken } from '@flotilla-im/protocol';
import { type ConnectOptions, createFlotilla, type Flotilla, type TokenKeySet } from '@flotilla-im/sdk';
import { createMemoryStore, createRedisStore, type LogLimits, type Store } from '@flotilla-im/store';
import { pino } from 'pino';
import type { Limits } from '../../../services/im/src/config/limits.ts';
import { type Shard, startShard } from '../../../services/im/src/pod/start-shard.ts';
import { type PrivateRedis, startRedis } from '../redis-harness.ts';
import { PlainPeer } from './plain-peer.ts';
import { V1Peer } from './v1-peer.ts';

/** Some pods on one store, an SDK beside them, and clients that go with them. */
export interface Pods {
  readonly store: Store;
  readonly redis: PrivateRedis | null;
  readonly im: Flotilla;
  /** What signs and checks their tokens. */
  readonly tokenKeys: TokenKeySet;
  readonly pods: Shard[];
  /** One more pod, with the next shard id; the map does not name it yet. */
  add(): Promise<Shard>;
  /** Publishes the map in which these shards are up; a lone entry of `owner` owns everything. */
  publish(options?: {
    readonly shards?: readonly number[];
    readonly owner?: number;
    readonly away?: readonly number[];
  }): Promise<void>;
  /** The address a client would get. */
  address(clientId: string, options?: ConnectOptions): Promise<string>;
  /** A `flotilla.v1` client that has said nothing yet. */
  v1(clientId: string, options?: ConnectOptions, autoPong?: boolean): Promise<V1Peer>;
  /** One that resumed and was welcomed. */
  welcomed(clientId: string, options?: ConnectOptions, resume?: Readonly<Record<string, unknown>>): Promise<V1Peer>;
  plain(clientId: string, options?: ConnectOptions, autoPong?: boolean): Promise<PlainPeer>;
  /** Resolves when the client is connected as far as the store knows, by so many connections. */
  served(clientId: string, connections?: number): Promise<void>;
  close(): Promise<void>;
}

/** How pods are started. */
export interface PodsOptions {
  readonly count?: number;
  readonly store?: 'memory' | 'redis';
  readonly limits?: Partial<Limits>;
  readonly appendonly?: boolean;
  /** More settings of Redis. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Of the pods: what clients send waits for so many replicas. */
  readonly durableReplicas?: number;
  /** Bounds of logs. */
  readonly logs?: Partial<LogLimits>;
}

const CLUSTER = 'core-test';

/** Starts pods whose map is published. */
export async function startPods(options: PodsOptions = {}): Promise<Pods> {
  const secret = randomBytes(32).toString('base64url');
  const tokenKeys: TokenKeySet = { keys: [{ kty: 'oct', kid: 'k1', alg: 'HS256', k: secret }] };
  const redis =
    options.store === 'redis'
      ? await startRedis({ appendonly: options.appendonly ?? false, settings: options.settings ?? {} })
      : null;
  const open = (): Promise<Store> =>
    redis === null
      ? Promise.resolve(memory)
      : // On a slow machine a burst of commands takes its time; that is no outage.
        createRedisStore({ cluster: CLUSTER, url: redis.url, commandTimeoutMs: 6_000, logs: options.logs ?? {} });
  const memory = createMemoryStore({ cluster: CLUSTER, logs: options.logs ?? {} });
  const store = await open();
  const im = await createFlotilla({ store, cluster: CLUSTER, tokenKeys });
  const pods: Shard[] = [];
  const stores: Store[] = [];
  const peers: (V1Peer | PlainPeer)[] = [];
  let epoch = 0;

  const add = async (): Promise<Shard> => {
    // A store of its own, as another process would have.
    const own = await open();
    stores.push(own);
    const pod = await startShard(
      {
        cluster: CLUSTER,
        shard: pods.length,
        host: '127.0.0.1',
        port: 0,
        tokenKeys,
        durableReplicas: options.durableReplicas,
        limits: { reconnectGraceMs: 300, drainMs: 3_000, ...options.limits },
      },
      { store: own, logger: pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }) },
    );
    pods.push(pod);
    return pod;
  };
  const publish: Pods['publish'] = async ({ shards = pods.map((_, id) => id), owner, away = [] } = {}) => {
    const home = slotRuns(Uint16Array.from(homeTable(shards.length), (index) => shards[index] ?? 0));
    epoch += 1;
    const map: ShardMap = {
      schema: 1,
      compatible: 1,
      epoch,
      shards: shards.map((id) => ({ id, url: pods[id]!.url, state: away.includes(id) ? 'away' : 'up' })),
      home,
      owner: owner === undefined ? home : [owner, 4_096],
    };
    await store.map.publish(map);
    const expected = owner ?? shards[homeTable(shards.length)[slotOf('probe')] ?? 0];
    await untilAsync(async () => (await im.connectInfo('probe')).shard === expected);
  };
  const address: Pods['address'] = async (clientId, given) => {
    const { url, token } = await im.connectInfo(clientId, given);
    return withToken(url, token);
  };
  const kept = <Peer extends V1Peer | PlainPeer>(peer: Peer): Peer => {
    peers.push(peer);
    return peer;
  };
  const v1: Pods['v1'] = async (clientId, given, autoPong) =>
    kept(new V1Peer(await address(clientId, given), autoPong));

  for (let i = 0; i < (options.count ?? 1); i++) await add();
  await publish();
  return {
    store,
    redis,
    im,
    tokenKeys,
    pods,
    add,
    publish,
    address,
    v1,
    async welcomed(clientId, given, resume = {}) {
      const peer = await v1(clientId, given);
      await peer.say({ type: 'resume', ...resume });
      const welcomed = until(() => peer.of('welcome').length > 0);
      const refused = peer.closed.then(({ code, reason }) => {
        if (peer.of('welcome').length === 0) throw new Error(`${clientId} is not welcomed: ${String(code)} ${reason}`);
      });
      await Promise.race([welcomed, refused]);
      return peer;
    },
    plain: async (clientId, given, autoPong) => kept(new PlainPeer(await address(clientId, given), autoPong)),
    async served(clientId, connections = 1) {
      await untilAsync(async () => (await store.presence.connections(clientId)).length === connections);
    },
    async close() {
      for (const { ws } of peers) ws.terminate();
      await Promise.all(pods.map((pod) => pod.kill()));
      await im.close();
      await Promise.all([store, ...stores].map((one) => one.close()));
      await redis?.stop();
    },
  };
}

/** Waits until it is so. */
export async function until(isSo: () => boolean, timeoutMs = 20_000): Promise<void> {
  const givenUpMs = performance.now() + timeoutMs;
  while (!isSo()) {
    if (performance.now() > givenUpMs) throw new Error(`it was not so within ${timeoutMs} ms: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Waits until it is so, where one has to ask. */
export async function untilAsync(isSo: () => Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const givenUpMs = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > givenUpMs) throw new Error(`it was not so within ${timeoutMs} ms: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
