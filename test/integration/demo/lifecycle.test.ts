import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { type Demo, startDemo } from '../../../services/demo/src/start-demo.ts';
import { eventually } from '../../support/eventually.ts';
import { type Pods, startPods } from '../im-core/pods.ts';
import { freePort } from '../redis-harness.ts';

const logger = pino({ level: 'silent' });
const body = JSON.stringify({ name: 'Anna' });
let folder: string;
let tokenKeysFile: string;
let pods: Pods;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-demo-'));
  tokenKeysFile = join(folder, 'keys.json');
  await writeFile(tokenKeysFile, JSON.stringify({ keys: [{ kty: 'oct', kid: '1', alg: 'HS256', k: 'k'.repeat(43) }] }));
  pods = await startPods({ count: 1 });
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(async () => {
  await pods.close();
  await rm(folder, { recursive: true });
});

async function setup(trustedProxies: readonly string[] = []): Promise<Demo> {
  const demo = await startDemo({ tokenKeysFile, trustedProxies, port: 0 }, { flotilla: pods.im, logger });
  closers.push(() => demo.close());
  return demo;
}

function signIn(demo: Demo, headers: Record<string, string | number> = {}): ClientRequest {
  const own = { 'content-type': 'application/json', 'content-length': body.length };
  return request(`${demo.url}/api/session`, { method: 'POST', agent: false, headers: { ...own, ...headers } });
}

async function statusOf(asking: ClientRequest): Promise<number | undefined> {
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

test('it lives, and is not ready, while Redis is away', async () => {
  const [port, redis] = [await freePort(), await freePort()];
  const given = new AbortController();
  const options = { tokenKeysFile, port, redisUrl: `redis://127.0.0.1:${redis}` };
  const started = startDemo(options, { logger, signal: given.signal });
  const outcome = expect(started).rejects.toMatchObject({ code: 'aborted' });
  const status = async (path: string): Promise<number> => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  await eventually(async () => expect(await status('/healthz')).toBe(200));
  await expect(status('/readyz')).resolves.toBe(503);
  await expect(status('/api/session')).resolves.toBe(503);
  given.abort();
  await outcome;
  await expect(status('/healthz')).rejects.toThrow();
});

test('it is ready when it serves', async () => {
  const demo = await setup();
  for (const path of ['/healthz', '/readyz']) expect((await fetch(demo.url + path)).status).toBe(200);
});

test('a request under way is answered before it ends', async () => {
  const demo = await setup();
  const asking = signIn(demo);
  const arrived = once(asking, 'socket');
  asking.write(body.slice(0, 4));
  await arrived;
  // On the same connection the server has seen the beginning by the time that another request was answered.
  await fetch(`${demo.url}/readyz`);
  const closed = demo.close();
  asking.end(body.slice(4));
  await expect(statusOf(asking)).resolves.toBe(200);
  await closed;
});

test('many behind a trusted proxy are many for the pace of signing in', async () => {
  const demo = await setup(['loopback']);
  const statuses = (count: number, addressOf: (n: number) => string): Promise<(number | undefined)[]> =>
    Promise.all(
      Array.from({ length: count }, (_, n) => {
        const asking = signIn(demo, { 'x-forwarded-for': addressOf(n) });
        asking.end(body);
        return statusOf(asking);
      }),
    );
  expect(new Set(await statuses(70, (n) => `192.0.2.${n}`))).toEqual(new Set([200]));
  // More than fifty at once and ten a second, however long the machine takes for them.
  const startedMs = performance.now();
  const ofOne = await statuses(200, () => '198.51.100.1');
  const seconds = (performance.now() - startedMs) / 1_000;
  expect(new Set(ofOne)).toEqual(new Set([200, 429]));
  expect(ofOne.filter((status) => status === 200).length).toBeLessThanOrEqual(50 + 10 * seconds);
});
