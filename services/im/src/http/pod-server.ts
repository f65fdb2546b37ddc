import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { FlotillaError } from '@flotilla-im/protocol';
import type { Logger } from 'pino';
import { answerError, answerJson, refuseSocket } from './answer.ts';
import type { Readiness } from './readiness.ts';
import { type RequestPath, type Route, parseRequestPath } from './request-path.ts';

/** Answers an HTTP request that was taken apart. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse, path: RequestPath) => void;

/** Takes over an upgrade; the socket is its own from then on. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer, path: RequestPath) => void;

/** What the one port of a pod leads to. */
export interface PodServerOptions {
  readonly shard: number;
  readonly logger: Logger;
  readonly readiness: () => Readiness;
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
  /** Socket.IO's long polling. */
  readonly poll: RequestHandler;
  /** WebSocket upgrades, by route. */
  readonly upgrade: { readonly ws: UpgradeHandler; readonly socketio: UpgradeHandler };
}

/** What Node finds wrong with a request that is not simply malformed. */
const STATUS_OF: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/**
 * Makes the server of a pod; it does not listen yet.
 *
 * `/healthz` says that the event loop turns and never asks Redis: a pod without Redis must not be killed, its sockets
 * are worth keeping.
 */
export function createPodServer(options: PodServerOptions): Server {
  const server = createServer({
    keepAliveTimeout: 65_000,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    // By default the times above are looked at twice a minute only.
    connectionsCheckingInterval: 1_000,
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const path = parseRequestPath(request.url ?? '');
    if (isMisdirected(path, options.shard)) answerError(response, misdirected(path, options.shard));
    else if (path.route === 'socketio') options.poll(request, response, path);
    else answerPlain(request, response, path.route, options);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A peer that vanishes during the handshake must not take the process with it.
    socket.on('error', cutOff);
    const path = parseRequestPath(request.url ?? '');
    if (path.route !== 'ws' && path.route !== 'socketio') refuseSocket(socket, notFound(), 404);
    else if (!isWebSocketUpgrade(request)) refuseSocket(socket, notAnUpgrade());
    else options.upgrade[path.route](request, socket, head, path);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    options.logger.debug({ code: error.code }, 'unreadable request');
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else refuseSocket(socket, new FlotillaError('bad_request', 'this is no HTTP request'), STATUS_OF[error.code ?? '']);
  });
  return server;
}

/** Listens for errors of a socket until somebody else does; shared, and taken off, because sockets stay for long. */
export function cutOff(this: Duplex): void {
  this.destroy();
}

type PlainRoute = Exclude<Route, 'socketio'>;

function answerPlain(
  request: IncomingMessage,
  response: ServerResponse,
  route: PlainRoute,
  options: PodServerOptions,
): void {
  if (route === 'unknown') answerError(response, notFound(), 404);
  else if (route === 'ws') answerError(response, notAnUpgrade());
  else if (request.method !== 'GET' && request.method !== 'HEAD') answerError(response, wrongMethod(), 405);
  else if (route === 'healthz') answerJson(response, 200, '{"alive":true}');
  else if (route === 'readyz') answerReadiness(response, options.readiness());
  else void answerMetrics(response, options);
}

function answerReadiness(response: ServerResponse, readiness: Readiness): void {
  answerJson(response, readiness.ready ? 200 : 503, JSON.stringify(readiness));
}

/** Never rejects. */
async function answerMetrics(response: ServerResponse, { metrics, logger }: PodServerOptions): Promise<void> {
  try {
    const text = await metrics.text();
    response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
    response.end(text);
  } catch (error) {
    logger.error({ err: error }, 'metrics failed');
    response.destroy();
  }
}

/** A path that names another shard came here by a stale or wrong route. */
function isMisdirected(path: RequestPath, shard: number): boolean {
  return path.shard !== null && path.shard !== shard;
}

function misdirected(path: RequestPath, shard: number): FlotillaError {
  return new FlotillaError('wrong_shard', `this is shard ${shard}, not ${String(path.shard)}`);
}

function notFound(): FlotillaError {
  return new FlotillaError('bad_request', 'there is nothing at this path');
}

function wrongMethod(): FlotillaError {
  return new FlotillaError('bad_request', 'only GET is answered here');
}

function notAnUpgrade(): FlotillaError {
  return new FlotillaError('bad_request', 'this address takes WebSocket connections');
}

/** RFC 6455, section 4.2.1. A malformed handshake is refused here, where the answer can say why. */
function isWebSocketUpgrade({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    /^[+/0-9A-Za-z]{22}==$/u.test(headers['sec-websocket-key'] ?? '') &&
    (headers['sec-websocket-version'] === '13' || headers['sec-websocket-version'] === '8')
  );
}
