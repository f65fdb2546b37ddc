import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from '../report/metrics.ts';

/** How the operator is, for its probes. */
export interface Health {
  /** The loop runs. Never depends on Redis or the fleet: restarting the operator would not mend those. */
  isAlive(): boolean;
  /** It has seen and planned lately. */
  isReady(): boolean;
}

/** A server of probes and metrics. */
export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers GET /livez (also as /healthz), /readyz and /metrics.
 *
 * @param port - 0 takes a free one
 * @throws what the system says (EADDRINUSE, EACCES, …)
 */
export async function startHealthServer(
  host: string,
  port: number,
  health: Health,
  metrics: Metrics,
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(request, response, health, metrics).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  health: Health,
  metrics: Metrics,
): Promise<void> {
  const path = (url ?? '/').split('?')[0];
  if (method !== 'GET' && method !== 'HEAD') send(response, 405, 'only GET\n');
  else if (path === '/livez' || path === '/healthz') sendVerdict(response, health.isAlive());
  else if (path === '/readyz') sendVerdict(response, health.isReady());
  else if (path === '/metrics') send(response, 200, await metrics.text(), metrics.contentType);
  else send(response, 404, 'there is /livez, /readyz and /metrics\n');
}

function sendVerdict(response: ServerResponse, isWell: boolean): void {
  send(response, isWell ? 200 : 503, isWell ? 'ok\n' : 'not now\n');
}

function send(response: ServerResponse, status: number, body: string, contentType = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
}
