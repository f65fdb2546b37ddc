import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';

/** What the server does with one request instead of answering it. */
export type Misbehaviour =
  | {
      readonly type: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Closes the connection, before or after it did what was asked. */
  | { readonly type: 'reset'; readonly isDone?: boolean }
  | { readonly type: 'silence' };

interface SecretObject {
  metadata: { name: string; uid?: string; labels?: Record<string, string> };
  stringData?: Record<string, string>;
  data?: Record<string, string>;
}

/** The Secrets of one namespace behind HTTP, with an ill will on demand. */
export interface FakeApi {
  readonly url: string;
  readonly secrets: Map<string, SecretObject>;
  /** Method and path of each request, in order. */
  readonly calls: string[];
  /** For the next requests, one each. */
  readonly next: Misbehaviour[];
  readonly close: () => Promise<void>;
}

/** Starts it. Only requests with `Bearer the-token` are let in. */
export async function startFakeApi(): Promise<FakeApi> {
  const secrets = new Map<string, SecretObject>();
  const calls: string[] = [];
  const next: Misbehaviour[] = [];
  const server = createServer((request, response) => void serve(request, response));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
    calls.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const ill = next.shift();
    if (ill?.type === 'silence') return;
    if (ill?.type === 'answer') return void response.writeHead(ill.status, ill.headers).end(ill.body ?? '');
    if (ill?.type === 'reset' && ill.isDone !== true) return void request.socket.destroy();
    const isKnown = request.headers.authorization === 'Bearer the-token';
    const [status, body] = isKnown ? carryOut(request, text) : [401, { message: 'Unauthorized' }];
    if (ill !== undefined) return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  function carryOut({ method, url = '' }: IncomingMessage, text: string): [number, object] {
    const path = '/api/v1/namespaces/here/secrets';
    const name = url.slice(path.length + 1);
    const found = secrets.get(name);
    if (method === 'POST' && url === path) return create(JSON.parse(text) as SecretObject);
    if (found === undefined) return [404, { message: `secrets "${name}" not found` }];
    if (method === 'GET') return [200, found];
    const { preconditions } = JSON.parse(text) as { preconditions?: { uid?: string } };
    if (preconditions?.uid !== found.metadata.uid) return [409, { message: 'the uid in the precondition is another' }];
    secrets.delete(name);
    return [200, {}];
  }

  function create({ metadata, stringData = {} }: SecretObject): [number, object] {
    if (secrets.has(metadata.name)) return [409, { message: `secrets "${metadata.name}" already exists` }];
    const data = Object.fromEntries(
      Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    );
    const made = { metadata: { ...metadata, uid: randomUUID() }, data };
    secrets.set(metadata.name, made);
    return [201, made];
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secrets,
    calls,
    next,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
