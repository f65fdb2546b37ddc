import type { IncomingMessage } from 'node:http';
import type { FrameLimits, TokenClaims } from '@flotilla-im/protocol';
import type { Logger } from 'pino';
import type { Server as SocketIoServer, ServerOptions } from 'socket.io';
import type { ShardConfig } from '../config/config.ts';
import { stopListening } from '../http/listen.ts';
import { createPodServer } from '../http/pod-server.ts';
import { type Condition, readinessOf } from '../http/readiness.ts';
import { createOriginCheck } from '../limits/allowed-origin.ts';
import { createAddressReader } from '../limits/client-address.ts';
import { createPace } from '../limits/pace.ts';
import { UnderWay } from '../limits/under-way.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { ShardCore } from '../shard/shard-core.ts';
import type { Surroundings } from '../shard/shard-deps.ts';
import { type SocketIoPort, createSocketIoPort } from '../socketio/socketio-port.ts';
import { type Gate, createGate } from '../upgrade/admission.ts';
import { createWebSocketPort } from '../upgrade/websocket-port.ts';
import { listenOrExplain } from './listen-or-explain.ts';

/** So many seconds' worth of arrivals are being served at a time: what a client far away may take for it. */
const UNDER_WAY_S = 0.25;
/** The least of them. */
const LEAST_UNDER_WAY = 64;

/** What the edge of a pod needs besides its configuration. */
export interface EdgeParts {
  /** null until the core has started. */
  readonly core: () => ShardCore | null;
  /** Checks a token. @throws FlotillaError */
  readonly verify: (token: unknown) => Promise<TokenClaims>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly surroundings: Surroundings;
  /** Carries what is Socket.IO's own between pods; in memory when missing. */
  readonly adapter?: ServerOptions['adapter'];
}

/** Everything between the port and the core: HTTP, upgrades, Socket.IO, limits on arrivals. */
export interface Edge {
  readonly io: SocketIoServer;
  /** Starts to listen. @returns the port. @throws ConfigError when the address cannot be used */
  listen(): Promise<number>;
  /** Stops listening and ends what is still open. */
  close(): Promise<void>;
  /** Stops listening, and answers nobody any more. */
  vanish(): void;
}

/** Wires the edge together; nothing listens yet. */
export function createEdge(config: ShardConfig, parts: EdgeParts): Edge {
  const isAllowedOrigin = createOriginCheck(config.allowedOrigins);
  const addresses = createAddressReader(config.trustedProxies);
  const addressOf = ({ socket, headers }: IncomingMessage): string =>
    addresses.addressOf(socket.remoteAddress, forwardedFor(headers['x-forwarded-for']));
  const gate = createPodGate(config, parts, isAllowedOrigin);
  const common = {
    gate,
    core: parts.core,
    verify: parts.verify,
    addressOf,
    refused: (code: string) => parts.metrics.refused(code),
    logger: parts.logger,
    now: parts.surroundings.nowMs,
  };
  const socketio = createSocketIoPort({
    ...common,
    isAllowedOrigin,
    engine: { ...config.limits, isAllowedOrigin, ...(parts.adapter === undefined ? {} : { adapter: parts.adapter }) },
    reading: { limits: config.limits satisfies FrameLimits, newId: parts.surroundings.newId },
  });
  const server = createPodServer({
    shard: config.shard,
    logger: parts.logger,
    readiness: () => readinessOf(config.shard, conditionsOf(parts.core())),
    metrics: parts.metrics,
    poll: socketio.poll,
    upgrade: { ws: createWebSocketPort(common), socketio: socketio.upgrade },
  });
  return {
    io: socketio.io,
    listen: () => listenOrExplain(server, config.host, config.port),
    close: () => closeEdge(socketio, () => stopListening(server)),
    vanish() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function closeEdge(socketio: SocketIoPort, stop: () => Promise<void>): Promise<void> {
  await socketio.close();
  await stop();
}

function createPodGate(config: ShardConfig, parts: EdgeParts, isAllowedOrigin: (origin?: string) => boolean): Gate {
  const { connectionsPerAddress, connectionsPerPod, handshakesPerAddress, handshakesPerSecond } = config.limits;
  return createGate({
    shard: config.shard,
    state: () => parts.core()?.state ?? 'starting',
    isAllowedOrigin,
    pace: createPace(handshakesPerSecond),
    underWay: new UnderWay(Math.max(LEAST_UNDER_WAY, handshakesPerSecond * UNDER_WAY_S)),
    connectionsPerAddress,
    handshakesPerAddress,
    connectionsPerPod,
    now: parts.surroundings.nowMs,
    chance: parts.surroundings.chance,
  });
}

function conditionsOf(core: ShardCore | null): readonly Condition[] {
  const state = core?.state ?? 'starting';
  const serving: Condition = { name: 'serving', holds: state === 'up', ...(state === 'up' ? {} : { why: state }) };
  return [serving, ...(core?.conditions() ?? [])];
}

/** A header that came several times is one list (RFC 9110, section 5.3). */
function forwardedFor(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.join(',');
}
