import { ConfigError } from '@flotilla-im/environment';
import { type FlotillaError, LIMITS as WIRE } from '@flotilla-im/protocol';
import { createFlotilla } from '@flotilla-im/sdk';
import { type TokenKeys, issueToken, loadTokenKeys, verifyToken } from '@flotilla-im/sdk/tokens';
import type { Store } from '@flotilla-im/store';
import type { Logger } from 'pino';
import type { Server as SocketIoServer } from 'socket.io';
import { type ShardConfig, compileConfig } from '../config/config.ts';
import type { ShardOptions } from '../config/options.ts';
import { createLogger } from '../logging/logger.ts';
import { type Metrics, createMetrics } from '../metrics/metrics.ts';
import type { ShardCore } from '../shard/shard-core.ts';
import type { Surroundings } from '../shard/shard-deps.ts';
import { startShardCore } from '../shard/start-shard-core.ts';
import { Closers } from './closers.ts';
import { type Edge, createEdge } from './edge.ts';
import { openStore, readPassword } from './open-store.ts';
import { untilStoreAnswers } from './retry-start.ts';
import { openSocketIoAdapter } from './socketio-adapter.ts';
import { realSurroundings } from './surroundings.ts';
import { ownVersion } from './version.ts';

/** Parts that whoever starts a shard may bring. */
export interface ShardParts {
  /** A store made elsewhere, shared by everything in the process; stays open. Default: Redis, by the configuration. */
  readonly store?: Store;
  /** Default: lines of JSON on stdout. */
  readonly logger?: Logger;
  /** Ends a start that waits for Redis. */
  readonly signal?: AbortSignal;
  /** Whether the process is this shard's alone: then metrics tell about the process too. Default false. */
  readonly isWholeProcess?: boolean;
  /** Clock and chance; default the real ones. */
  readonly surroundings?: Surroundings;
}

/** One running shard. */
export interface Shard {
  readonly shard: number;
  readonly port: number;
  /** Where clients on this machine reach it: `ws://127.0.0.1:<port>/s/<shard>`. */
  readonly url: string;
  /** Socket.IO's own face: rooms, broadcast, serverSideEmit. Messages to clients go through the SDK. */
  readonly socketIo: SocketIoServer;
  /** Moves everybody away, then closes. At most `limits.drainMs`, and a moment. Repeated calls share one drain. */
  drain(): Promise<void>;
  /** Closes everybody now. */
  close(): Promise<void>;
  /** Vanishes as a killed process would: no goodbye, nothing given back. */
  kill(): Promise<void>;
}

/**
 * Starts a shard: its port first, so that health can be asked for, then the store, then the core.
 *
 * @throws {ConfigError} for every fault of the configuration; {FlotillaError} store_unsupported when Redis may not be used
 */
export async function startShard(options: ShardOptions, parts: ShardParts = {}): Promise<Shard> {
  const config = compileConfig(options);
  const closers = new Closers();
  try {
    return await assemble(config, parts, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function assemble(config: ShardConfig, parts: ShardParts, closers: Closers): Promise<Shard> {
  const logger = parts.logger ?? createLogger(config.cluster, config.shard, config.logLevel);
  const surroundings = parts.surroundings ?? realSurroundings();
  const keys = await loadKeys(config, logger);
  const password = await readPassword(config);
  const metrics = createMetrics(parts.isWholeProcess ?? false);
  closers.add(() => metrics.close());
  const running: { core: ShardCore | null } = { core: null };
  const adapter = parts.store === undefined ? openSocketIoAdapter(config, password, logger, closers) : undefined;
  const edge = createEdge(config, {
    core: () => running.core,
    verify: (token) => verifyToken(token, { keys, audience: config.cluster, nowMs: surroundings.wallMs() }),
    metrics,
    logger,
    surroundings,
    ...(adapter === undefined ? {} : { adapter }),
  });
  closers.add(() => edge.close());
  const port = await edge.listen();
  const core = await untilStoreAnswers(
    async () => {
      const store = parts.store ?? (await openOwnStore(config, password, closers));
      return await startCore(config, { store, keys, metrics, logger, surroundings }, closers);
    },
    logger,
    parts.signal,
  );
  metrics.watch(core);
  running.core = core;
  logger.info({ ready: true, port }, 'shard ready');
  return createShard(config, port, core, edge, closers);
}

async function openOwnStore(config: ShardConfig, password: string | null, closers: Closers): Promise<Store> {
  const store = await openStore(config, password);
  closers.add(() => store.close());
  return store;
}

interface CoreParts {
  readonly store: Store;
  readonly keys: TokenKeys;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly surroundings: Surroundings;
}

async function startCore(config: ShardConfig, parts: CoreParts, closers: Closers): Promise<ShardCore> {
  const { store, keys, metrics, logger, surroundings } = parts;
  for (const warning of store.warnings) logger.warn({ reason: warning }, 'store allows what it should not');
  const flotilla = await createFlotilla({
    store,
    cluster: config.cluster,
    maxDataBytes: config.limits.dataBytes,
    durability: { replicas: config.durableReplicas },
  });
  closers.add(() => flotilla.close());
  return await startShardCore({
    shard: config.shard,
    version: ownVersion(),
    store,
    flotilla,
    mintToken: async (claims) => (await issueToken(keys, claims, { ttlMs: WIRE.tokenTtlMs })).token,
    limits: config.limits,
    logger,
    observer: {
      delivered: (ms) => metrics.delivery(ms / 1_000),
      welcomed: (ms) => metrics.handshake(ms / 1_000),
      closed: (code) => metrics.closed(code),
      refused: (code) => metrics.refused(code),
    },
    surroundings,
  });
}

async function loadKeys(config: ShardConfig, logger: Logger): Promise<TokenKeys> {
  const onWarning = (warning: FlotillaError): void => logger.warn({ reason: warning.message }, 'token keys not reread');
  try {
    return await loadTokenKeys(config.tokenKeys, { onWarning });
  } catch (error) {
    throw new ConfigError([`FLOTILLA_TOKEN_KEYS_FILE: ${(error as Error).message}.`]);
  }
}

function createShard(config: ShardConfig, port: number, core: ShardCore, edge: Edge, closers: Closers): Shard {
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return {
    shard: config.shard,
    port,
    url: `ws://${host.includes(':') ? `[${host}]` : host}:${port}/s/${config.shard}`,
    socketIo: edge.io,
    async drain() {
      await core.drain();
      await closers.close();
    },
    async close() {
      await core.close();
      await closers.close();
    },
    async kill() {
      edge.vanish();
      core.kill();
      await closers.close();
    },
  };
}
