import { createFlotilla } from '@flotilla-im/sdk';
import { issueToken, loadTokenKeys, type TokenKeys, verifyToken } from '@flotilla-im/sdk/tokens';
import { createRedisStore, type Store } from '@flotilla-im/store';
import { createOriginCheck } from '../../../services/im/src/limits/allowed-origin.ts';
import { createPace } from '../../../services/im/src/limits/pace.ts';
import { UnderWay } from '../../../services/im/src/limits/under-way.ts';
import { parseRequestPath } from '../../../services/im/src/http/request-path.ts';
import { realSurroundings } from '../../../services/im/src/pod/surroundings.ts';
import type { ShardCore } from '../../../services/im/src/shard/shard-core.ts';
import type { ShardDeps } from '../../../services/im/src/shard/shard-deps.ts';
import { startShardCore } from '../../../services/im/src/shard/start-shard-core.ts';
import { createGate } from '../../../services/im/src/upgrade/admission.ts';
import { createWebSocketPort } from '../../../services/im/src/upgrade/websocket-port.ts';
import type { Switchboard } from '../network/dialling.ts';
import type { SimulatedProcess } from '../platform/process.ts';
import { TOKEN_KEYS } from '../platform/signatures.ts';
import { createLogger, type Hear } from './quiet-logger.ts';
import { CLUSTER, LIMITS, REDIS_URL, UNSETTLED_MS } from './settings.ts';

/** Where clients reach a shard. */
export function hostOf(shard: number): string {
  return `shard-${shard}`;
}

/** What a shard's process needs. */
export interface ShardProcessDeps {
  readonly shard: number;
  readonly process: SimulatedProcess;
  readonly switchboard: Switchboard;
  readonly hear: Hear;
  readonly onReady: (core: ShardCore) => void;
  readonly onFault: (error: unknown) => void;
}

const RETRY_MS = 1_000;

/**
 * The program of a shard, as `startShard` puts it together, but for HTTP and Socket.IO. Runs within its process; never
 * rejects.
 */
export async function runShard(deps: ShardProcessDeps): Promise<void> {
  try {
    const keys = await loadTokenKeys(TOKEN_KEYS as Parameters<typeof loadTokenKeys>[0]);
    const running: { core: ShardCore | null } = { core: null };
    listen(deps, keys, running);
    running.core = await startUntilItWorks(deps, keys);
    deps.onReady(running.core);
  } catch (error) {
    deps.onFault(error);
  }
}

/** As `untilStoreAnswers` does, whose waiting is not of a simulated clock. */
async function startUntilItWorks(deps: ShardProcessDeps, keys: TokenKeys): Promise<ShardCore> {
  for (;;) {
    try {
      return await start(deps, keys, await openStore());
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'store_unavailable') throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function openStore(): Promise<Store> {
  const state = { graceMs: LIMITS.reconnectGraceMs, unsettledAfterMs: UNSETTLED_MS };
  return createRedisStore({ url: REDIS_URL, cluster: CLUSTER, connectTimeoutMs: 2_000, state });
}

async function start({ shard, hear }: ShardProcessDeps, keys: TokenKeys, store: Store): Promise<ShardCore> {
  const ignore = (): void => undefined;
  const flotilla = await createFlotilla({ store, cluster: CLUSTER });
  const mintToken: ShardDeps['mintToken'] = async (claims) =>
    (await issueToken(keys, claims, { ttlMs: LIMITS_OF_TOKENS_MS })).token;
  return startShardCore({
    shard,
    version: '0',
    store,
    flotilla,
    mintToken,
    limits: LIMITS,
    logger: createLogger(hear),
    observer: { delivered: ignore, welcomed: ignore, closed: ignore, refused: ignore },
    surroundings: { ...realSurroundings(), idle: () => null, newId: () => globalThis.crypto.randomUUID() },
  });
}

const LIMITS_OF_TOKENS_MS = 10_000;

function listen(
  { shard, process, switchboard, hear }: ShardProcessDeps,
  keys: TokenKeys,
  running: { readonly core: ShardCore | null },
): void {
  const { wallMs, nowMs, chance } = realSurroundings();
  const gate = createGate({
    shard,
    state: () => running.core?.state ?? 'starting',
    isAllowedOrigin: createOriginCheck(['*']),
    pace: createPace(LIMITS.handshakesPerSecond),
    underWay: new UnderWay(LIMITS.handshakesPerSecond / 4),
    connectionsPerAddress: LIMITS.connectionsPerAddress,
    handshakesPerAddress: 1_000_000,
    connectionsPerPod: LIMITS.connectionsPerPod,
    now: nowMs,
    chance,
  });
  const port = createWebSocketPort({
    gate,
    core: () => running.core,
    verify: (token) => verifyToken(token, { keys, audience: CLUSTER, nowMs: wallMs() }),
    addressOf: () => '10.0.0.1',
    refused: () => undefined,
    logger: createLogger(hear),
    now: nowMs,
  });
  const head = Buffer.alloc(0);
  const upgrade = (request: Parameters<typeof port>[0], socket: Parameters<typeof port>[1], target: string): void => {
    port(request, socket, head, parseRequestPath(target));
  };
  switchboard.listen(hostOf(shard), { process, upgrade });
}
