import type { IncomingMessage } from 'node:http';
import type { Server as EngineServer } from 'engine.io';
import type { Server } from 'socket.io';
import { answerError, refuseSocket } from '../http/answer.ts';
import type { RequestHandler, UpgradeHandler } from '../http/pod-server.ts';
import type { RequestPath } from '../http/request-path.ts';
import type { OriginCheck } from '../limits/allowed-origin.ts';
import type { Admission, Gate } from '../upgrade/admission.ts';
import { type Arrivals, createArrivals } from './arrivals.ts';
import { type ConnectOptions, createConnect } from './connect.ts';
import { type EngineOptions, createEngine } from './engine.ts';
import type { EngineConnection } from './engine-link.ts';
import { watchUntilConnect } from './silent-arrivals.ts';

/** What Socket.IO needs of the pod. */
export interface SocketIoOptions extends Omit<ConnectOptions, 'arrivals'> {
  readonly engine: EngineOptions;
  readonly gate: Gate;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly isAllowedOrigin: OriginCheck;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Socket.IO on the pod's port. */
export interface SocketIoPort {
  readonly io: Server;
  readonly poll: RequestHandler;
  readonly upgrade: UpgradeHandler;
  /** Ends what is still open, and listens to other pods no more. */
  close(): Promise<void>;
}

/** A client that still polls comes back in a moment. */
const POLL_CLOSE_MS = 2_000;

/** Serves unmodified Socket.IO clients: WebSocket, long polling, and the change from one to the other. */
export function createSocketIoPort(options: SocketIoOptions): SocketIoPort {
  const arrivals = createArrivals();
  const { io, engine } = createEngine(options.engine);
  const connect = createConnect({ ...options, arrivals });
  io.use((socket, next) => connect.admit(socket, next));
  io.on('connection', (socket) => connect.connected(socket));
  engine.on('connection', (conn: EngineConnection) => {
    const arrival = arrivals.take(conn.request);
    if (arrival !== null) conn.once('close', arrival.release);
    watchUntilConnect(conn, (one) => connect.hasTried(one), options.engine.helloTimeoutMs);
    // A poller that went away without a word is waited for only so long before its connection counts as closed.
    Object.assign(conn.transport, { closeTimeout: POLL_CLOSE_MS });
  });
  return {
    io,
    poll: createPoll(options, engine, arrivals),
    upgrade: createUpgrade(options, engine, arrivals),
    close: () => io.close(),
  };
}

function createPoll(options: SocketIoOptions, engine: EngineServer, arrivals: Arrivals): RequestHandler {
  return (request, response, path) => {
    // Only the first request of a connection is an arrival.
    const admission = isFirst(request) ? admit(request, path, options) : null;
    if (admission === null) {
      engine.handleRequest(request, response);
    } else if (admission.type === 'admitted') {
      response.once('close', arrivals.add(request, arrivalOf(request, admission, options)).ended);
      engine.handleRequest(request, response);
    } else {
      options.refused(admission.error.code);
      allowOrigin(request, options).forEach((value, name) => response.setHeader(name, value));
      answerError(response, admission.error);
    }
  };
}

function createUpgrade(options: SocketIoOptions, engine: EngineServer, arrivals: Arrivals): UpgradeHandler {
  return (request, socket, head, path) => {
    const admission = isFirst(request) ? admit(request, path, options) : null;
    if (admission?.type === 'dropped') {
      options.refused(admission.error.code);
      refuseSocket(socket, admission.error);
      return;
    }
    // Refused ones are let through as far as CONNECT, where they can be told why.
    if (admission !== null) socket.once('close', arrivals.add(request, arrivalOf(request, admission, options)).ended);
    engine.handleUpgrade(request, socket, head);
  };
}

/**
 * Whether the engine will make a connection of it, read as the engine reads it: the last `sid` counts, an empty one is none,
 * and what follows a `#` is no part of the query. Whoever it takes for an arrival must have passed the gate.
 */
function isFirst({ method, url = '/' }: IncomingMessage): boolean {
  if (method === 'OPTIONS') return false;
  const sid = new URL(url, 'http://pod').searchParams.getAll('sid').at(-1);
  return sid === undefined || sid === '';
}

function admit(request: IncomingMessage, { shard }: RequestPath, { gate, addressOf }: SocketIoOptions): Admission {
  return gate.admit({ address: addressOf(request), origin: request.headers.origin, shard });
}

function arrivalOf(
  request: IncomingMessage,
  admission: Exclude<Admission, { type: 'dropped' }>,
  { addressOf, now }: SocketIoOptions,
): Parameters<Arrivals['add']>[1] {
  const isAdmitted = admission.type === 'admitted';
  // It may poll for long before it says who it is: as one that is being served it does not count.
  if (isAdmitted) admission.welcomed();
  return {
    address: addressOf(request),
    arrivedAtMs: now(),
    refusal: isAdmitted ? null : admission.error,
    release: isAdmitted ? admission.release : () => undefined,
  };
}

/** Lets a page read why it was refused; a foreign page learns nothing. */
function allowOrigin(request: IncomingMessage, { isAllowedOrigin }: SocketIoOptions): Map<string, string> {
  const { origin } = request.headers;
  if (origin === undefined || !isAllowedOrigin(origin)) return new Map();
  return new Map([
    ['access-control-allow-origin', origin],
    ['vary', 'Origin'],
  ]);
}
