import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that listens before there is anything to serve, so that one can see that it lives. */
export interface EarlyServer {
  readonly server: Server;
  readonly port: number;
  /** From now on this answers. */
  serve(handler: RequestListener): void;
  /** Takes no new connection, lets requests end, at most for `closeMs`. Repeated calls share one end. */
  close(): Promise<void>;
}

/**
 * Listens. Until `serve` it answers `/healthz` with 200 and everything else with 503.
 *
 * @param closeMs - how long requests may go on once it closes, in milliseconds
 * @throws what `listen` fails with, for example EADDRINUSE
 */
export async function listenEarly(host: string, port: number, closeMs: number): Promise<EarlyServer> {
  let handler: RequestListener = starting;
  const server = createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  let closed: Promise<void> | null = null;
  return {
    server,
    port: (server.address() as AddressInfo).port,
    serve(next) {
      handler = next;
    },
    close: () => (closed ??= end(server, closeMs)),
  };
}

/** The same problem as any other while Redis is away; pages and clients come again. */
const starting: RequestListener = (request, response) => {
  const isAlive = request.url === '/healthz';
  const body = isAlive ? { ok: true } : { code: 'starting', message: 'Not ready yet.', retryAfterMs: 1_000 };
  const headers = { 'content-type': 'application/json; charset=utf-8', 'retry-after': '1' };
  response.writeHead(isAlive ? 200 : 503, headers).end(JSON.stringify(body));
};

function end(server: Server, closeMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), closeMs);
    // Idle connections end with it.
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
