import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOOPBACK } from '../ports.ts';
import type { VerbResult } from '../verbs/verb.ts';
import { type ControlLine, type ControlRequest, parseControlRequest } from './control-request.ts';

/** What the control endpoint does. */
export interface ControlHandlers {
  /** Carries a request out, telling how it goes. */
  run(request: ControlRequest, say: (line: string) => void): Promise<VerbResult>;
  /** What runs, as JSON: the answer to `GET <url>/status`. */
  status(): Promise<unknown>;
}

/** The control endpoint of a launcher. */
export interface ControlServer {
  /** Base address; the secret in its path is what lets somebody in. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Listens on the loopback address at a free port. `POST <url>/scale {"shards": 5}`, `/restart {"shard": 1}`, `/kill {"shard": 1}`
 * answer with lines of {@link ControlLine}; one request at a time is carried out, a second one meanwhile gets 409.
 *
 * @param secret - fit for a path; without it everything is 404, also for pages that a browser was led to
 */
export async function startControlServer(secret: string, handlers: ControlHandlers): Promise<ControlServer> {
  const running = { what: '' };
  const server = createServer((request, response) => {
    answer(request, response, secret, handlers, running).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, resolve);
  });
  const url = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/${secret}`;
  return { url, close: () => closeServer(server) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
  handlers: ControlHandlers,
  running: { what: string },
): Promise<void> {
  const [, given, verb = '', ...rest] = (request.url ?? '/').split('?')[0]?.split('/') ?? [];
  const isPost = request.method === 'POST';
  if (given !== secret || rest.length > 0) end(response, 404, { error: 'not found' });
  else if (request.method === 'GET' && verb === 'status') end(response, 200, await handlers.status());
  else if (!isPost) end(response, 405, { error: 'POST scale, restart or kill; GET status' });
  else await take(parseControlRequest(verb, valueIn(await readBody(request))), response, handlers, running);
}

async function take(
  request: ControlRequest | string,
  response: ServerResponse,
  handlers: ControlHandlers,
  running: { what: string },
): Promise<void> {
  if (typeof request === 'string') {
    end(response, 400, { error: request });
    return;
  }
  if (running.what !== '') {
    end(response, 409, { error: `${running.what} is still under way; ask again when it is done.` });
    return;
  }
  running.what = textOf(request);
  try {
    await carryOut(request, response, handlers);
  } finally {
    running.what = '';
  }
}

async function carryOut(request: ControlRequest, response: ServerResponse, handlers: ControlHandlers): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  const write = (line: ControlLine): void => void response.write(`${JSON.stringify(line)}\n`);
  const result = await handlers.run(request, (line) => write({ say: line })).catch(failed);
  write({ done: result });
  response.end();
}

/** A failure is told in words to who asked. */
function failed(error: unknown): VerbResult {
  return { ok: false, text: error instanceof Error ? error.message : String(error) };
}

function textOf(request: ControlRequest): string {
  return request.verb === 'scale' ? `scale to ${request.shards}` : `${request.verb} of shard ${request.shard}`;
}

function valueIn(body: string): unknown {
  try {
    const { shards, shard } = JSON.parse(body) as { shards?: unknown; shard?: unknown };
    return shards ?? shard;
  } catch {
    return undefined;
  }
}

const MOST_BODY = 1_000;

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MOST_BODY) break;
  }
  return body;
}

function end(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
