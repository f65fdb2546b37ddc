import { createFlotilla, type Flotilla } from '@flotilla-im/sdk';
import { createMemoryStore, type Store } from '@flotilla-im/store';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { createLogger } from '../../../services/im/src/logging/logger.ts';
import WebSocket, { type ClientOptions } from 'ws';
import type { ShardOptions } from '../../../services/im/src/config/options.ts';
import { type Shard, startShard } from '../../../services/im/src/pod/start-shard.ts';
import { CLUSTER, createTokens, type TokenHarness } from './token-harness.ts';

/** A WebSocket, and everything it heard. */
export interface Peer {
  readonly ws: WebSocket;
  /** Texts in the order of their arrival. */
  readonly texts: string[];
  /** The same as JSON, for `flotilla.v1`. */
  readonly frames: () => Record<string, unknown>[];
  readonly opened: Promise<void>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** How a peer arrives. */
export interface PeerOptions {
  /** Default: a fresh one. Null: none. */
  readonly token?: string | null;
  readonly path?: string;
  readonly protocol?: string | string[];
  readonly options?: ClientOptions;
}

/** One whole shard over the memory store, with the map that gives it all slots. */
export interface ShardHarness extends TokenHarness {
  readonly shard: Shard;
  readonly store: Store;
  readonly flotilla: Flotilla;
  readonly peer: (options?: PeerOptions) => Promise<Peer>;
  readonly socketIo: (options?: Partial<ManagerOptions & SocketOptions>) => Promise<Socket>;
  readonly metric: (name: string) => Promise<string | undefined>;
  readonly close: () => Promise<void>;
}

/** Starts it and waits until it is ready. */
export async function startTestShard(options: Omit<Partial<ShardOptions>, 'tokenKeys'> = {}): Promise<ShardHarness> {
  const tokens = createTokens();
  const store = createMemoryStore({ cluster: CLUSTER });
  const all = [0, 4_096];
  const shards = [{ id: 0, url: 'ws://127.0.0.1:1/s/0', state: 'up' as const }];
  await store.map.publish({ schema: 1, compatible: 1, epoch: 1, shards, home: all, owner: all });
  const given = { cluster: CLUSTER, shard: 0, host: '127.0.0.1', port: 0, tokenKeys: tokens.keys, ...options };
  const shard = await startShard(given, { store, logger: createLogger(CLUSTER, 0, 'silent') });
  const flotilla = await createFlotilla({ store, cluster: CLUSTER, tokenKeys: tokens.keys });
  const base = `127.0.0.1:${shard.port}`;
  const sockets: { close(): void }[] = [];
  return {
    ...tokens,
    shard,
    store,
    flotilla,
    async peer({ token, path = '/s/0/ws', protocol, options: more } = {}) {
      const query = token === null ? '' : `?token=${token ?? (await tokens.token())}`;
      const ws = new WebSocket(`ws://${base}${path}${query}`, protocol ?? [], more);
      sockets.push({ close: () => ws.terminate() });
      return listen(ws);
    },
    async socketIo(more = {}) {
      const client = io(`http://${base}`, {
        forceNew: true,
        reconnection: false,
        auth: { token: await tokens.token() },
        ...more,
      });
      sockets.push(client);
      return client;
    },
    async metric(name) {
      const text = await (await fetch(`http://${base}/metrics`)).text();
      return text.split('\n').find((line) => line.startsWith(`flotilla_im_${name}`));
    },
    async close() {
      for (const socket of sockets) socket.close();
      await flotilla.close();
      await shard.close();
    },
  };
}

function listen(ws: WebSocket): Peer {
  const texts: string[] = [];
  ws.on('message', (data: Buffer) => texts.push(data.toString()));
  ws.on('error', () => undefined);
  return {
    ws,
    texts,
    frames: () => texts.map((text) => JSON.parse(text) as Record<string, unknown>),
    opened: new Promise((resolve) => ws.once('open', () => resolve())),
    closed: new Promise((resolve) => ws.once('close', (code, reason) => resolve({ code, reason: reason.toString() }))),
  };
}
