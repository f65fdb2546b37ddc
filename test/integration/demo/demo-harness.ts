import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, connect, type Connection, type ReceivedMessage } from '@flotilla-im/client';
import { pino } from 'pino';
import type { DemoOptions } from '../../../services/demo/src/config/config.ts';
import { type Demo, startDemo } from '../../../services/demo/src/start-demo.ts';
import { type Pods, type PodsOptions, startPods } from '../im-core/pods.ts';

/** Somebody at the demo: what a page does, without its looks. */
export interface Visitor {
  readonly name: string;
  /** `Cookie` header of the session. */
  readonly cookie: string;
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: (path: string, body: object) => Promise<{ readonly status: number; readonly body: unknown }>;
  /** Connects as a page does; resolves when connected. */
  readonly open: () => Promise<OpenPage>;
}

/** A page that is open. */
export interface OpenPage {
  readonly messages: ReceivedMessage[];
  /** What the service said and nobody kept. */
  readonly said: unknown[];
  readonly close: () => Promise<void>;
}

/** The demo over two shards, by default with a store in memory. */
export interface DemoHarness {
  readonly demo: () => Demo;
  readonly pods: Pods;
  /** Ends the service and starts it anew; who is signed in stays so. @param meanwhile - happens while none runs */
  readonly restart: (meanwhile?: () => Promise<void>) => Promise<void>;
  readonly signIn: (name: string) => Promise<Visitor>;
  readonly close: () => Promise<void>;
}

/** Starts it. @param options - of the demo, beyond those it needs here @param limits - of the shards */
export async function startTestDemo(
  options: Partial<DemoOptions> = {},
  store: 'memory' | 'redis' = 'memory',
  limits: PodsOptions['limits'] = {},
): Promise<DemoHarness> {
  const pods = await startPods({ count: 2, store, limits });
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-demo-'));
  const tokenKeysFile = join(folder, 'keys.json');
  await writeFile(tokenKeysFile, JSON.stringify({ keys: [{ kty: 'oct', kid: '1', k: 'k'.repeat(43) }] }));
  const deps = { flotilla: pods.im, logger: pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }) };
  const start = (port: number): Promise<Demo> =>
    startDemo({ tokenKeysFile, port, filesDir: join(folder, 'files'), ...options }, deps);
  const pages: OpenPage[] = [];
  let demo = await start(0);
  return {
    demo: () => demo,
    pods,
    async restart(meanwhile) {
      await demo.close();
      await meanwhile?.();
      demo = await start(Number(new URL(demo.url).port));
    },
    signIn: async (name) => visitor(demo.url, name, pages),
    async close() {
      await Promise.all(pages.map((page) => page.close()));
      await demo.close();
      await pods.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function visitor(url: string, name: string, pages: OpenPage[]): Promise<Visitor> {
  const json = { 'content-type': 'application/json' };
  const request = { method: 'POST', headers: json, body: JSON.stringify({ name }) };
  const signedIn = await fetch(`${url}/api/session`, request);
  const cookie = signedIn.headers.getSetCookie().map((each) => each.split(';')[0]);
  const headers = { cookie: cookie.join('; ') };
  const get = async <T>(path: string): Promise<T> => (await (await fetch(url + path, { headers })).json()) as T;
  return {
    name,
    cookie: headers.cookie,
    get,
    async post(path, body) {
      const sent = { method: 'POST', headers: { ...headers, ...json }, body: JSON.stringify(body) };
      const answer = await fetch(url + path, sent);
      return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
    },
    async open() {
      const connection = connect({ address: () => get<Address>('/address') });
      const page = listenTo(connection);
      pages.push(page);
      await new Promise<void>((resolve) => {
        connection.on('state', ({ type }) => type === 'connected' && resolve());
      });
      return page;
    },
  };
}

function listenTo(connection: Connection): OpenPage {
  const messages: ReceivedMessage[] = [];
  const said: unknown[] = [];
  connection.on('message', (message) => messages.push(message));
  connection.on('live', ({ data }) => said.push(data));
  return { messages, said, close: () => connection.close() };
}
