import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { createFlotilla, type Flotilla } from '@flotilla-im/sdk';
import { createRedisStore, type Store } from '@flotilla-im/store';
import { type PodProcess, startPod } from '../im-edge/pod-process.ts';
import { type PrivateRedis, startRedis } from '../redis-harness.ts';
import { openRaw, type RawPeer, type RawRequest } from './raw-peer.ts';

/** A shard as a process of its own, over a Redis of its own, and the business beside it. */
export interface Scene {
  readonly redis: PrivateRedis;
  readonly store: Store;
  readonly flotilla: Flotilla;
  readonly pod: PodProcess;
  readonly port: number;
  /** A value of `/metrics`, without the prefix of its name; 0 where there is none. */
  readonly metric: (name: string) => Promise<number>;
  /** Files and sockets that the process holds; 0 where there is no /proc to ask. */
  readonly descriptors: () => Promise<number>;
  /** A bare TCP connection, perhaps with a handshake on it. */
  readonly raw: (request?: RawRequest) => Promise<RawPeer>;
  /** A WebSocket of a client that was let in, of which `flotilla.v1` has been welcomed. */
  readonly served: (clientId: string, options?: ServedOptions) => Promise<RawPeer>;
}

/** How a client that is let in arrives. */
export interface ServedOptions {
  readonly protocol?: 'plain' | 'v1';
  readonly headers?: Readonly<Record<string, string>>;
  readonly grants?: object;
  readonly autoPong?: boolean;
}

/** What a scene may be told. */
export interface SceneOptions {
  readonly cluster?: string;
  /** Shares its Redis, and its token keys. Default: a Redis and keys of its own. */
  readonly beside?: Scene;
  /** Variables of the pod. */
  readonly environment?: Readonly<Record<string, string>>;
}

const CLUSTER = 'edge-test';
const ends: (() => unknown)[] = [];

/** Ends what a file started, when it is done. Call it once, at its top. */
export function endScenes(): void {
  afterAll(async () => {
    for (const end of ends.splice(0)) await end();
  });
}

/** Starts it all and waits until the shard serves. */
export async function startScene(options: SceneOptions = {}): Promise<Scene> {
  const cluster = options.cluster ?? CLUSTER;
  const { beside } = options;
  const redis = beside?.redis ?? (await startRedis());
  if (beside === undefined) ends.unshift(() => redis.stop());
  const store = await createRedisStore({ url: redis.url, cluster });
  ends.unshift(() => store.close(0));
  const all = [0, 4_096];
  const shards = [{ id: 0, url: 'ws://127.0.0.1:1/s/0', state: 'up' as const }];
  await store.map.publish({ schema: 1, compatible: 1, epoch: 1, shards, home: all, owner: all });
  const pod = await startPod({
    FLOTILLA_REDIS_URL: redis.url,
    FLOTILLA_CLUSTER: cluster,
    ...(beside === undefined ? {} : { FLOTILLA_TOKEN_KEYS_FILE: await keysFileOf(beside) }),
    ...options.environment,
  });
  ends.unshift(() => pod.stop());
  const flotilla = await createFlotilla({ redis: redis.url, cluster, tokenKeys: (beside ?? { pod }).pod.keys });
  ends.unshift(() => flotilla.close());
  // Tokens are those of the keys it knows.
  const signed = beside === undefined ? pod : { ...pod, keys: beside.pod.keys, token: beside.pod.token };
  return withClients({ redis, store, flotilla, pod: signed, port: await pod.port() }, cluster);
}

async function keysFileOf({ redis, pod }: Scene): Promise<string> {
  const path = join(redis.folder, 'keys.json');
  await writeFile(path, JSON.stringify(pod.keys));
  return path;
}

function withClients(base: Pick<Scene, 'redis' | 'store' | 'flotilla' | 'pod' | 'port'>, cluster: string): Scene {
  const { pod, port } = base;
  const raw = async (request?: RawRequest): Promise<RawPeer> => {
    const peer = await openRaw(port, request);
    ends.unshift(() => peer.socket.destroy());
    return peer;
  };
  return {
    ...base,
    raw,
    async metric(name) {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      const line = text.split('\n').find((one) => one.startsWith(`flotilla_im_${name}`));
      return Number(line?.split(' ').at(-1) ?? 0);
    },
    descriptors: async () => (await readdir(`/proc/${pod.pid}/fd`).catch(() => [])).length,
    async served(clientId, { protocol = 'plain', headers = {}, grants = {}, autoPong = true } = {}) {
      const token = await pod.token({ aud: cluster, sub: clientId, grants });
      const subprotocol = protocol === 'v1' ? { 'Sec-WebSocket-Protocol': 'flotilla.v1' } : {};
      const peer = await raw({ path: `/ws?token=${token}`, headers: { ...headers, ...subprotocol }, isHasty: true });
      peer.autoPong = autoPong;
      // Right behind the handshake: whoever waits for its answer first may be too late on a machine that stalls.
      if (protocol === 'v1') peer.text('{"type":"resume"}');
      await peer.until(() => peer.status !== 0 || peer.isOver);
      if (protocol === 'v1') await peer.until(() => peer.texts.some((text) => text.includes('"welcome"')));
      return peer;
    },
  };
}

/** Bytes of memory that a process has in RAM; 0 where there is no /proc to ask. */
export async function residentBytes(pid: number): Promise<number> {
  const pages = (await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '0 0')).split(' ')[1];
  return Number(pages) * 4_096;
}
