import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FakeEvent, type FakeInput, type FakeObject, mergePatch, ObjectTable } from './object-table.ts';

/** One request as it came in. */
export interface FakeRequest {
  readonly method: string;
  /** `/api/v1/namespaces/chat/pods` and the like. */
  readonly collection: string;
  readonly name: string | null;
  readonly subresource: string | null;
  readonly query: URLSearchParams;
  readonly body: FakeInput | null;
  readonly contentType: string;
  readonly token: string | null;
}

/** How a request is mistreated: not at all (null), a status instead of an answer, no answer ever, a broken connection. */
export type Fault =
  | null
  | 'blackhole'
  | 'reset'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly message?: string };

/** An API server in this process that knows objects, versions, watches and patches, and misbehaves when it is told to. */
export interface FakeApiServer {
  readonly url: string;
  readonly table: ObjectTable;
  /** Decides about each request; may be replaced at any time. */
  fault: (request: FakeRequest) => Fault;
  /** Every request so far. */
  readonly requests: FakeRequest[];
  /** Requests that would change something, those of Leases left out. */
  writes(): FakeRequest[];
  /** Watches that are open. */
  watching(): number;
  /** Ends all watches, in order or by breaking the connection. */
  hangUp(how: 'end' | 'reset'): void;
  /** Tells all watches that their version is forgotten, as etcd's compaction does; older versions are refused from now on. */
  compact(): void;
  /** While true watches stay open and bring nothing. */
  isMute: boolean;
  close(): Promise<void>;
}

const BOOKMARK_MS = 200;

/** Starts on a free port of the loopback. */
export async function startFakeApiServer(): Promise<FakeApiServer> {
  const table = new ObjectTable();
  const requests: FakeRequest[] = [];
  const watches = new Watches(table);
  const server = createServer((incoming, response) => {
    serve(api, watches, incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api: FakeApiServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    table,
    fault: () => null,
    requests,
    get isMute() {
      return watches.isMute;
    },
    set isMute(isMute) {
      watches.isMute = isMute;
    },
    writes: () => requests.filter(({ method, collection }) => method !== 'GET' && !collection.endsWith('/leases')),
    watching: () => watches.size,
    hangUp: (how) => watches.hangUp(how),
    compact: () => watches.compact(),
    close: () =>
      new Promise((resolve) => {
        watches.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return api;
}

async function serve(
  api: FakeApiServer,
  watches: Watches,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await parse(incoming);
  api.requests.push(request);
  const fault = api.fault(request);
  if (fault === 'blackhole') return;
  if (fault === 'reset') response.destroy();
  else if (fault !== null) answer(response, fault.status, statusOf(fault.status, fault.message), fault.headers);
  else if (request.query.has('watch')) watches.open(request, response);
  else answer(response, ...act(api.table, request));
}

/** The watches that are open. */
class Watches {
  isMute = false;
  readonly #table: ObjectTable;
  readonly #open = new Map<ServerResponse, FakeRequest>();
  readonly #bookmarks: NodeJS.Timeout;
  #oldest = 0;

  constructor(table: ObjectTable) {
    this.#table = table;
    table.onEvent((event) => this.#open.forEach((request, response) => this.#send(request, response, event)));
    this.#bookmarks = setInterval(() => this.#bookmark(), BOOKMARK_MS);
  }

  get size(): number {
    return this.#open.size;
  }

  open(request: FakeRequest, response: ServerResponse): void {
    const from = Number(request.query.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    if (from < this.#oldest) {
      response.end(forgotten());
      return;
    }
    this.#open.set(response, request);
    response.on('close', () => this.#open.delete(response));
    for (const event of this.#table.events) if (event.version > from) this.#send(request, response, event);
    const seconds = Number(request.query.get('timeoutSeconds') ?? 300);
    setTimeout(() => response.end(), seconds * 1_000).unref();
  }

  hangUp(how: 'end' | 'reset'): void {
    for (const response of this.#open.keys()) {
      if (how === 'end') response.end();
      else response.destroy();
    }
  }

  compact(): void {
    this.#table.version += 1;
    this.#oldest = this.#table.version;
    for (const response of this.#open.keys()) response.end(forgotten());
  }

  close(): void {
    clearInterval(this.#bookmarks);
  }

  #send({ collection, query }: FakeRequest, response: ServerResponse, event: FakeEvent): void {
    if (this.isMute || event.collection !== collection || !isSelected(event.object, query)) return;
    response.write(lineOf(event.type, event.object));
  }

  #bookmark(): void {
    if (this.isMute) return;
    const object = { metadata: { resourceVersion: String(this.#table.version) } };
    for (const response of this.#open.keys()) response.write(lineOf('BOOKMARK', object));
  }
}

const forgotten = (): string => lineOf('ERROR', statusOf(410));

function lineOf(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`;
}

async function parse(incoming: IncomingMessage): Promise<FakeRequest> {
  const url = new URL(incoming.url ?? '/', 'http://api');
  const match = /^(\/apis?\/.*?\/?namespaces\/[^/]+\/[^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/u.exec(url.pathname);
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk as string;
  return {
    method: incoming.method ?? 'GET',
    collection: match?.[1] ?? url.pathname,
    name: match?.[2] ?? null,
    subresource: match?.[3] ?? null,
    query: url.searchParams,
    body: text === '' ? null : (JSON.parse(text) as FakeInput),
    contentType: incoming.headers['content-type'] ?? '',
    token: incoming.headers.authorization?.replace(/^Bearer /u, '') ?? null,
  };
}

function act(table: ObjectTable, request: FakeRequest): readonly [number, unknown] {
  const { method, collection, name } = request;
  if (method === 'POST') return create(table, request);
  if (name === null) {
    const items = table.list(collection).filter((object) => isSelected(object, request.query));
    return [200, { kind: 'List', metadata: { resourceVersion: String(table.version) }, items }];
  }
  const known = table.get(collection, name);
  if (known === undefined) {
    return request.contentType.includes('apply-patch') ? create(table, request) : [404, statusOf(404)];
  }
  if (method === 'GET') return [200, known];
  if (method === 'DELETE') {
    const uid = (request.body as { preconditions?: { uid?: string } } | null)?.preconditions?.uid;
    if (uid !== undefined && uid !== known.metadata.uid) return [409, statusOf(409)];
    return [200, table.remove(collection, name)];
  }
  return update(table, request, known);
}

function create(table: ObjectTable, { collection, body }: FakeRequest): readonly [number, unknown] {
  if (body === null || !areTimesRight(body)) return [400, statusOf(400)];
  if (table.get(collection, body.metadata.name) !== undefined) return [409, statusOf(409)];
  return [201, table.put(collection, body)];
}

function update(table: ObjectTable, request: FakeRequest, known: FakeObject): readonly [number, unknown] {
  const { method, collection, subresource, body } = request;
  if (body === null || !areTimesRight(body)) return [400, statusOf(400)];
  const version = (body.metadata as { resourceVersion?: string } | undefined)?.resourceVersion;
  if (version !== undefined && version !== known.metadata.resourceVersion) return [409, statusOf(409)];
  if (subresource === 'scale') {
    const { replicas } = body['spec'] as { replicas: number };
    const managedFields = [{ manager: 'test', subresource: 'scale' }];
    const spec = { ...(known['spec'] as object), replicas };
    const metadata = { ...known.metadata, managedFields };
    return [200, table.put(collection, { ...known, spec, metadata })];
  }
  const next = method === 'PUT' ? body : (mergePatch(known, body) as FakeInput);
  return [200, table.put(collection, next)];
}

/** As the real one: a MicroTime has six digits after the point. */
function areTimesRight(body: FakeInput): boolean {
  const spec = (body['spec'] ?? {}) as Record<string, unknown>;
  const times = [spec['renewTime'], spec['acquireTime'], body['eventTime']].filter((time) => time !== undefined);
  return times.every((time) => typeof time === 'string' && /\.\d{6}Z$/u.test(time));
}

function isSelected({ metadata }: FakeObject, query: URLSearchParams): boolean {
  const fields = query.get('fieldSelector') ?? '';
  if (fields !== '' && fields !== `metadata.name=${metadata.name}`) return false;
  const labels = (query.get('labelSelector') ?? '').split(',').filter((part) => part !== '');
  return labels.every((part) => {
    const [key = '', value] = part.split('=');
    return metadata.labels?.[key] === value;
  });
}

function statusOf(code: number, message = `fake ${code}`): unknown {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message };
}

function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
