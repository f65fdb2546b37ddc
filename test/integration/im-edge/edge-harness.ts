import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { createLogger } from '../../../services/im/src/logging/logger.ts';
import { loadTokenKeys, verifyToken } from '../../../sdk/node/src/tokens/index.ts';
import { compileConfig } from '../../../services/im/src/config/config.ts';
import type { ShardOptions } from '../../../services/im/src/config/options.ts';
import { createMetrics } from '../../../services/im/src/metrics/metrics.ts';
import { createEdge, type Edge, type EdgeParts } from '../../../services/im/src/pod/edge.ts';
import { realSurroundings } from '../../../services/im/src/pod/surroundings.ts';
import type { ShardCore } from '../../../services/im/src/shard/shard-core.ts';
import { eventually } from './eventually.ts';
import { CLUSTER, createTokens, type TokenHarness } from './token-harness.ts';

/** The edge of a pod on a free port of loopback, and clients for it. */
export interface EdgeHarness extends TokenHarness {
  readonly url: string;
  readonly port: number;
  readonly io: Edge['io'];
  metric(name: string): Promise<string | undefined>;
  /** An unmodified Socket.IO client that is closed with the harness. */
  client(options?: Partial<ManagerOptions & SocketOptions>): Socket;
  close(): Promise<void>;
}

/** Starts it before any core (null) or the given one. */
export async function startEdge(
  core: () => ShardCore | null,
  options: Omit<Partial<ShardOptions>, 'tokenKeys'> = {},
  adapter?: EdgeParts['adapter'],
): Promise<EdgeHarness> {
  const tokens = createTokens();
  const config = compileConfig({
    cluster: CLUSTER,
    shard: 0,
    host: '127.0.0.1',
    port: 0,
    tokenKeys: tokens.keys,
    ...options,
  });
  const metrics = createMetrics(false);
  const keys = await loadTokenKeys(tokens.keys);
  const edge = createEdge(config, {
    core,
    metrics,
    verify: (token) => verifyToken(token, { keys, audience: CLUSTER }),
    logger: createLogger(CLUSTER, 0, 'silent'),
    surroundings: realSurroundings(),
    ...(adapter === undefined ? {} : { adapter }),
  });
  const port = await edge.listen();
  const url = `http://127.0.0.1:${port}`;
  const clients: Socket[] = [];
  return {
    ...tokens,
    url,
    port,
    io: edge.io,
    metric: async (name) => (await metrics.text()).split('\n').find((line) => line.startsWith(`flotilla_im_${name}`)),
    client(given = {}) {
      const client = io(url, { forceNew: true, reconnection: false, ...given });
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) client.disconnect();
      // What a client still does after the test would fail in a torn down environment.
      const gone = () => expectNone([edge.io.engine.clientsCount, clients.filter(isOpen).length]);
      await eventually(gone, 3_000).catch(() => undefined);
      await edge.close();
      metrics.close();
    },
  };
}

function isOpen({ io: { engine } }: Socket): boolean {
  return engine.readyState !== 'closed';
}

function expectNone(counts: readonly number[]): void {
  if (counts.some((count) => count > 0)) throw new Error('connections are open');
}
