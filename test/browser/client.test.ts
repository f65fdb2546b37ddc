import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Browser, type Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { ClientShard } from './client-shard.ts';
import { launchBrowser } from './launch-browser.ts';

const shared: { browser?: Browser; readonly shards: ClientShard[] } = { shards: [] };

beforeAll(async () => {
  shared.browser = await launchBrowser();
});
afterAll(() => shared.browser?.close());
afterEach(async () => {
  await Promise.all((shared.browser?.contexts() ?? []).map((context) => context.close()));
  await Promise.all(shared.shards.splice(0).map((shard) => shard.close()));
});

/** What the page has been told. */
interface Told {
  readonly data: unknown[];
  readonly states: { readonly type: string }[];
}

/** A page with a connected client. @param options - of the client, as the page has it */
async function setup(options = ''): Promise<{
  shard: ClientShard;
  page: Page;
  told: () => Promise<Told>;
}> {
  const shard = await ClientShard.start();
  shared.shards.push(shard);
  const page = await shared.browser!.newPage();
  await page.goto(`http://${shard.origin}/`);
  await page.addScriptTag({
    type: 'module',
    content: `
      import { connect } from '/client.js';
      const told = { data: [], states: [], positions: null };
      const connection = connect({ address: () => fetch('/address').then((r) => r.json()), ${options} });
      connection.on('message', ({ data }) => told.data.push(data));
      connection.on('state', (state) => told.states.push(state));
      Object.assign(window, { told, connection });
    `,
  });
  await eventually(() => expect(shard.connections).toHaveLength(1));
  const told = (): Promise<Told> => page.evaluate('window.told');
  return { shard, page, told };
}

test('a page loads the one-file client, gets messages in order, acknowledges them and gets its requests answered', async () => {
  const { shard, page, told } = await setup();
  shard.send('one');
  shard.send({ two: '😀' });
  await eventually(async () => expect((await told()).data).toEqual(['one', { two: '😀' }]));
  await eventually(() => expect(shard.newest.heard).toContainEqual({ type: 'ack', inbox: 'aaaaaaaaaaaa.2' }));
  const answer: unknown = await page.evaluate(`window.connection.send({ to: 'bob', data: 'hi' })`);
  expect(answer).toEqual({ messageId: expect.stringMatching(/^for-/) });
});

test('a cut connection comes back with a fresh token and gets what it missed, once', async () => {
  const { shard, told } = await setup();
  shard.send(1);
  await eventually(async () => expect((await told()).data).toEqual([1]));
  shard.newest.cut();
  await eventually(() => expect(shard.newest.closed).not.toBeNull());
  shard.send(2);
  await eventually(async () => expect((await told()).data).toEqual([1, 2]));
  expect(shard.newest.token).toBe('t2');
  expect((await told()).states.map(({ type }) => type)).toEqual([
    'connecting',
    'connected',
    'waiting',
    'connecting',
    'connected',
  ]);
});

test('a move under load loses, doubles and reorders nothing, is no change of state, and closes the old connection with 1000', async () => {
  const { shard, told } = await setup();
  const old = shard.newest;
  for (let i = 0; i < 200; i++) {
    shard.send(i);
    if (i === 100) old.say({ type: 'moved', ...shard.address(), epoch: 2 });
    if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await eventually(() => expect(old.closed).toBe(1000));
  shard.send('last');
  const expected = [...Array.from({ length: 200 }, (_, i) => i), 'last'];
  await eventually(async () => expect((await told()).data).toEqual(expected));
  expect((await told()).states.map(({ type }) => type)).toEqual(['connecting', 'connected']);
});

test('an idle page keeps its connection by pings', async () => {
  const { shard, told } = await setup();
  await eventually(() => expect(shard.newest.heard.filter(({ type }) => type === 'ping').length).toBeGreaterThan(6));
  expect((await told()).states).toHaveLength(2);
});

test('the network coming back ends the wait between attempts early', async () => {
  const { shard, page, told } = await setup('backoffBaseMs: 600_000, backoffCapMs: 600_000');
  // It would wait for minutes.
  await page.evaluate('Math.random = () => 0.9');
  shard.newest.say({ type: 'bye', code: 1013, reason: 'overloaded', retryAfterMs: 50 });
  await eventually(async () => expect((await told()).states.at(-1)?.type).toBe('waiting'));
  await page.evaluate(`window.dispatchEvent(new Event('online'))`);
  await eventually(() => expect(shard.connections).toHaveLength(2));
});

test('close() of the page side reaches the shard as 1000', async () => {
  const { shard, page } = await setup();
  await page.evaluate('window.connection.close()');
  await eventually(() => expect(shard.newest.closed).toBe(1000));
});

test('the client works in a worker', async () => {
  const { shard, page } = await setup();
  await page.evaluate(`
    window.fromWorker = [];
    const worker = new Worker('/worker.js', { type: 'module' });
    worker.onmessage = ({ data }) => window.fromWorker.push(data);
  `);
  await eventually(() => expect(shard.connections).toHaveLength(2));
  shard.send('for all');
  await eventually(async () => expect(await page.evaluate('window.fromWorker')).toEqual(['for all']));
});
