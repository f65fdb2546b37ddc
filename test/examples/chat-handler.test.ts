import { afterEach, expect, test } from '@jest/globals';
import type { ConnectInfo } from '@flotilla-im/sdk';
import type { PodsOptions } from '../integration/im-core/pods.ts';
import { freePort } from '../integration/redis-harness.ts';
import { eventually } from '../support/eventually.ts';
import { type BarePage, openPage } from './bare-page.ts';
import { startExampleScene } from './example-process.ts';

let closing: () => Promise<void>;
afterEach(() => closing());

async function setup(options: PodsOptions = {}) {
  const scene = await startExampleScene(options);
  const pages: BarePage[] = [];
  closing = async () => {
    for (const page of pages) page.vanish();
    await scene.close();
  };
  const PORT = String(await freePort());
  const serve = async () => {
    const service = scene.run('chat-handler/main.ts', { PORT });
    await service.line(/^listening$/);
    return service;
  };
  const ask = (clientId: string, query = '') =>
    fetch(`http://127.0.0.1:${PORT}/Handler1.ashx${query}`, { headers: { 'x-forwarded-user': clientId } });
  /** Everybody who asks for an address from now on gets this shard's: the service has heard of it. */
  const sendTo = async (owner: number, away: number[] = []): Promise<void> => {
    await scene.publish({ owner, away });
    await eventually(async () => expect(((await (await ask('probe')).json()) as ConnectInfo).shard).toBe(owner));
  };
  const open = async (clientId: string): Promise<BarePage> => {
    const page = await openPage(async () => (await (await ask(clientId)).json()) as ConnectInfo);
    pages.push(page);
    return page;
  };
  /** Resolves when the service has put so many texts into a client's inbox; gives them with their senders. */
  const waiting = (clientId: string, count: number): Promise<string[]> =>
    eventually(async () => {
      const kept: string[] = [];
      for await (const { from, data } of scene.im.history.inbox(clientId))
        kept.push(`${String(from)}: ${String(data)}`);
      expect(kept).toHaveLength(count);
      return kept;
    });
  return { scene, service: await serve(), serve, ask, open, waiting, sendTo };
}

/** Each text once, in the order in which it came first: what no pong confirmed may come again. */
const once = ({ texts }: BarePage): string[] => [...new Set(texts)];
const hears = (page: BarePage, ...texts: string[]) => eventually(() => expect(page.texts).toEqual(texts));

test('B hears exactly the text, also one with bars in it', async () => {
  const { open } = await setup();
  const [a, b, c] = [await open('A'), await open('B'), await open('C')];
  await a.say('B|hello');
  await a.say('B|C|not for C');
  await hears(b, 'hello', 'C|not for C');
  expect([a.texts, c.texts]).toEqual([[], []]);
});

test('a text without a receiver goes to whom the client named last, on any connection and after a restart of the service', async () => {
  const { service, serve, open } = await setup();
  const [a, b, c] = [await open('A'), await open('B'), await open('C')];
  await a.say('nobody hears it');
  await hears(a, 'Nobody was named yet: say B|text.');
  await a.say('B|first');
  await a.say('second');
  await hears(b, 'first', 'second');
  await a.say('C|third');
  await hears(c, 'third');
  service.terminate();
  await service.ended;
  await serve();
  const newer = await open('A');
  await newer.say('fourth');
  await newer.say('|a|b');
  await hears(c, 'third', 'fourth', 'a|b');
  expect(b.texts).toEqual(['first', 'second']);
});

test('texts for somebody offline wait in order, with their senders, and outlive the service and Redis', async () => {
  const { scene, service, serve, open, waiting } = await setup({ appendonly: true });
  const [a, c] = [await open('A'), await open('C')];
  for (let i = 0; i < 5; i++) await a.say(`B|text ${i}`);
  await waiting('B', 5);
  await c.say('B|and one of C');
  const kept = await waiting('B', 6);
  expect(kept.at(-1)).toBe('C: and one of C');
  service.kill();
  await service.ended;
  await scene.redis!.restart();
  await serve();
  const b = await open('B');
  await eventually(() =>
    expect(once(b)).toEqual([...Array.from({ length: 5 }, (_, i) => `text ${i}`), 'and one of C']),
  );
});

test('texts wait while a shard goes away, and come in order when the page is back by another', async () => {
  const { scene, open, waiting, sendTo } = await setup({ limits: { leaseMs: 4_000, leaseHeartbeatMs: 100 } });
  await sendTo(1);
  const a = await open('A');
  await sendTo(0);
  const b = await open('B');
  await a.say('B|before');
  await hears(b, 'before');
  await scene.pods[0]!.kill();
  for (let i = 0; i < 5; i++) await a.say(`B|meanwhile ${i}`);
  await waiting('B', 6);
  await sendTo(1, [0]);
  const expected = ['before', ...Array.from({ length: 5 }, (_, i) => `meanwhile ${i}`)];
  await eventually(() => expect(once(b)).toEqual(expected));
  expect(b.closes).toHaveLength(1);
  await b.say('A|I am back');
  await eventually(() => expect(once(a)).toEqual(['I am back']));
});

test('the newest page replaces the older one, which does not come again', async () => {
  const { scene, open } = await setup();
  const [older, a] = [await open('B'), await open('A')];
  await scene.served('B');
  const newest = await open('B');
  await eventually(() => expect(older.closes).toEqual([4501]));
  await a.say('B|to the newest');
  await hears(newest, 'to the newest');
  expect([older.texts, older.closes]).toEqual([[], [4501]]);
});

test('ids are not taken on trust: without somebody signed in, or under another name, there is no address', async () => {
  const { ask } = await setup();
  expect((await ask('A', '?user=B')).status).toBe(403);
  expect((await ask('', '?user=A')).status).toBe(401);
  expect((await ask('A', '?user=A')).status).toBe(200);
});

test('a receiver that nobody can be is refused in words, and whom the client named before stays the last', async () => {
  const { open } = await setup();
  const [a, b] = [await open('A'), await open('B')];
  await a.say('B|first');
  await a.say(`${'x'.repeat(200)}|text`);
  await eventually(() => expect(a.texts).toEqual([expect.stringMatching(/^Not sent: /)]));
  await a.say('second');
  await hears(b, 'first', 'second');
  expect(a.closes).toEqual([]);
});

test('a text of 60 KB arrives whole, where 2 KB were all', async () => {
  const { open } = await setup();
  const [a, b] = [await open('A'), await open('B')];
  const text = '好'.repeat(20_000);
  await a.say(`B|${text}`);
  await hears(b, text);
});
