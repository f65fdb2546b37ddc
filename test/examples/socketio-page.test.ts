import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { eventually } from '../support/eventually.ts';
import { type ExampleProcess, examplesFolder, type ExampleScene, startExampleScene } from './example-process.ts';

/** The page's own script, which is plain JavaScript. */
interface PageScript {
  readonly stayConnected: (
    connect: typeof io,
    address: () => Promise<unknown>,
    listen: (socket: Socket) => void,
  ) => Promise<unknown>;
}
const { stayConnected } = (await import(join(examplesFolder, 'socketio-page/page/flotilla.js'))) as PageScript;

let scene: ExampleScene;
const pages: Page[] = [];
afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.close()));
  await scene.close();
});

/** A page as it is in a browser, without its looks. */
interface Page {
  readonly clientId: string;
  readonly texts: string[];
  readonly socket: () => Socket;
  readonly ended: Promise<unknown>;
  readonly close: () => Promise<void>;
}

interface Setup {
  readonly program: ExampleProcess;
  readonly url: string;
  readonly open: () => Promise<Page>;
}

async function setup(): Promise<Setup> {
  scene = await startExampleScene();
  const program = scene.run('socketio-page/main.ts', { PORT: '0' });
  const [, url = ''] = await program.line(/^page at (.*)$/);
  return { program, url, open: () => openPage(url) };
}

async function openPage(url: string): Promise<Page> {
  const first = await fetch(`${url}address`);
  const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const texts: string[] = [];
  let socket: Socket | undefined;
  let isClosed = false;
  const address = async (): Promise<unknown> =>
    isClosed ? null : (await fetch(`${url}address`, { headers: { cookie } })).json();
  const ended = stayConnected(io, address, (made: Socket) => {
    socket = made;
    made.on('message', ({ text }: { readonly text: string }) => texts.push(text));
  });
  const page: Page = {
    clientId: cookie.replace('guest=', ''),
    texts,
    socket: () => socket!,
    ended,
    async close() {
      isClosed = true;
      socket?.disconnect();
      await ended;
    },
  };
  pages.push(page);
  await eventually(() => expect(socket?.connected).toBe(true));
  return page;
}

const say = (page: Page, text: string): Promise<unknown> =>
  page.socket().emitWithAck('publish', { channel: 'chat', data: { text } });

test('the page and its scripts are served, and nothing else', async () => {
  const { url, program } = await setup();
  const get = async (path: string): Promise<string> => (await fetch(url + path)).text();
  expect(await get('')).toContain('<script type="module" src="/page.js">');
  expect(await get('page.js')).toContain("from './flotilla.js'");
  expect(await get('flotilla.js')).toContain('export async function stayConnected');
  expect(await get('socket.io.js')).toContain('Socket.IO v4');
  for (const path of ['main.ts', 'page/../main.ts', '%2e%2e/package.json']) {
    expect((await fetch(url + path)).status).toBe(404);
  }
  program.terminate();
  expect(await program.ended).toBe(0);
  expect(program.stderr()).toBe('');
});

test('two pages talk, and one whose shard goes comes again elsewhere: everything once and in order', async () => {
  const { open } = await setup();
  const [alice, bob] = [await open(), await open()];
  expect(alice.clientId).not.toBe(bob.clientId);
  await expect(say(alice, 'one')).resolves.toMatchObject({ ok: true });
  await eventually(() => expect([alice.texts, bob.texts]).toEqual([['one'], ['one']]));
  const { shard } = await scene.im.connectInfo(bob.clientId);
  await scene.publish({ shards: [1 - shard] });
  const before = bob.socket();
  await scene.pods[shard]?.kill();
  await scene.im.channels.publish('chat', { from: null, data: { text: 'two' } });
  await eventually(() => expect(bob.texts).toEqual(['one', 'two']));
  expect(bob.socket()).not.toBe(before);
  await eventually(() => expect(alice.socket().connected).toBe(true));
  await expect(say(alice, 'three')).resolves.toMatchObject({ ok: true });
  await eventually(() => expect([alice.texts, bob.texts].map((texts) => texts.at(-1))).toEqual(['three', 'three']));
  expect([alice.texts, bob.texts]).toEqual([
    ['one', 'two', 'three'],
    ['one', 'two', 'three'],
  ]);
});

test('a page that the business disconnects does not come again', async () => {
  const { open } = await setup();
  const page = await open();
  await scene.im.disconnect(page.clientId, { reason: 'signed out' });
  await expect(page.ended).resolves.toMatchObject({ code: 4500, reason: 'signed out' });
  expect(page.socket().connected).toBe(false);
});
