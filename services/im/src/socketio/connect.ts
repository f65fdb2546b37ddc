import { FlotillaError, type TokenClaims, isFlotillaError } from '@flotilla-im/protocol';
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { Session } from '../connections/session.ts';
import type { ShardCore } from '../shard/shard-core.ts';
import type { Arrivals } from './arrivals.ts';
import { type EventReading, listenToClient } from './client-events.ts';
import type { EngineConnection } from './engine-link.ts';
import { positionsOfAuth } from './positions.ts';
import { SocketIoTransport, connectError } from './socketio-transport.ts';

/** What CONNECT needs. */
export interface ConnectOptions {
  /** null while the pod is starting. */
  readonly core: () => ShardCore | null;
  readonly verify: (token: unknown) => Promise<TokenClaims>;
  readonly arrivals: Arrivals;
  /** An arrival was refused before the core saw it. */
  readonly refused: (code: string) => void;
  readonly reading: EventReading;
  readonly logger: Logger;
}

/** Middleware and handler of the namespace `/`. */
export interface Connect {
  /** Spends the token and starts the service; whoever is refused gets `connect_error` with `data: {code, retryAfterMs?}`. */
  admit(socket: Socket, next: (error?: Error) => void): void;
  /** The client knows that it is connected. */
  connected(socket: Socket): void;
  /** Whether a connection has said CONNECT, so that its session or its refusal bounds what it may do. */
  hasTried(conn: EngineConnection): boolean;
}

/** A connection that was refused and does not go by itself is closed after this time. */
const REFUSED_CLOSE_MS = 3_000;

/** One CONNECT a connection: each costs a verified token, and each client has one session on it. */
export function createConnect(options: ConnectOptions): Connect {
  const tried = new WeakSet<EngineConnection>();
  const transports = new WeakMap<Socket, SocketIoTransport>();

  const serve = async (socket: Socket): Promise<void> => {
    if (tried.has(socket.conn)) throw new FlotillaError('bad_frame', 'one CONNECT a connection');
    tried.add(socket.conn);
    const { transport, session } = await begin(socket, options);
    transports.set(socket, transport);
    listenToClient(socket, transport, session, options.reading);
    const beginning = await transport.began;
    if (beginning.type === 'refused') throw connectError(beginning.reason);
    await socket.join(session.clientId);
  };
  return {
    admit(socket, next) {
      serve(socket).then(
        () => next(),
        (error: unknown) => next(refusalOf(error, socket, options)),
      );
    },
    connected(socket) {
      transports.get(socket)?.open();
      // Nobody reads the handshake's request any more; it would stay for as long as the connection does.
      (socket.conn as { request: unknown }).request = null;
    },
    hasTried: (conn) => tried.has(conn),
  };
}

async function begin(
  socket: Socket,
  { arrivals, core, verify }: ConnectOptions,
): Promise<{ transport: SocketIoTransport; session: Session }> {
  const arrival = arrivals.get(socket.conn.request);
  if (arrival?.refusal) throw arrival.refusal;
  const auth = socket.handshake.auth as Readonly<Record<string, unknown>>;
  const positions = positionsOfAuth(auth);
  const claims = await verify(auth['token']);
  const shard = core();
  if (arrival === null || shard === null) throw new FlotillaError('overloaded', 'this shard is starting');
  const transport = new SocketIoTransport(socket);
  const { address, arrivedAtMs } = arrival;
  // Released with the engine's connection, which is older than the session.
  const session = shard.accept(transport, { claims, address, arrivedAtMs, release: () => undefined });
  transport.belongTo(session);
  if (socket.conn.readyState !== 'open') {
    transport.ended(1006);
    throw new FlotillaError('closed', 'the connection is gone');
  }
  session.resume(positions);
  return { transport, session };
}

function refusalOf(error: unknown, socket: Socket, { logger, refused }: ConnectOptions): Error {
  setTimeout(() => socket.conn.close(true), REFUSED_CLOSE_MS).unref();
  if (isFlotillaError(error)) {
    refused(error.code);
    return connectError(error);
  }
  if (error instanceof Error && 'data' in error) return error;
  logger.error({ err: error }, 'socket.io connect failed');
  return connectError(new FlotillaError('internal', 'the connection could not be served'));
}
