import { afterEach, expect, test } from '@jest/globals';
import { freePort } from '../integration/redis-harness.ts';
import { PlainPeer } from '../integration/im-core/plain-peer.ts';
import { eventually } from '../support/eventually.ts';
import { startExampleScene } from './example-process.ts';

let closing: () => Promise<void>;
afterEach(() => closing());

interface Answer {
  readonly code: number;
  readonly server?: string;
  readonly websocketId?: number;
  readonly channels?: { readonly chan: string; readonly online: number }[];
}
type Fields = Readonly<Record<string, string>>;

async function setup() {
  const scene = await startExampleScene();
  const peers: PlainPeer[] = [];
  closing = async () => {
    for (const { ws } of peers) ws.terminate();
    await scene.close();
  };
  const PORT = String(await freePort());
  await scene.run('freeim-chat/main.ts', { PORT }).line(/^listening$/);
  const url = (endpoint: string): string => `http://127.0.0.1:${PORT}/ws/${endpoint}`;
  const read = async (response: Response): Promise<Answer> => (await response.json()) as Answer;
  const post = (endpoint: string, fields: Fields, cookie = '') =>
    fetch(url(endpoint), { method: 'POST', headers: { cookie }, body: new URLSearchParams(fields) });

  /** A browser that did what FreeIM's page does at its start. */
  const arrive = async () => {
    const response = await post('pre-connect', {});
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const { server = '', websocketId = 0 } = await read(response);
    const peer = new PlainPeer(server);
    peers.push(peer);
    await peer.opened;
    await scene.served(String(websocketId));
    return {
      id: String(websocketId),
      cookie,
      closed: peer.closed,
      call: async (endpoint: string, fields: Fields = {}) => read(await post(endpoint, fields, cookie)),
      get: async (path: string) => read(await fetch(url(path), { headers: { cookie } })),
      /** Parsed once; the page's messages are JSON within that. */
      heard: () => peer.texts.map((text) => JSON.parse(text) as unknown),
    };
  };
  return { scene, arrive, post, read };
}

test('a channel: whoever subscribed hears it, the sender too, as the text that was posted', async () => {
  const { arrive } = await setup();
  const [anna, ben, carl] = [await arrive(), await arrive(), await arrive()];
  for (const { call, id } of [anna, ben]) {
    expect(await call('subscr-channel', { websocketId: id, channel: 'news' })).toEqual({ code: 0 });
  }
  expect(await carl.call('get-channels')).toEqual({ code: 0, channels: [{ chan: 'news', online: 2 }] });
  const message = JSON.stringify({ type: 'chanmsg', chan: 'news', msg: { type: 'text', content: '你好' } });
  expect(await anna.call('send-channelmsg', { websocketId: anna.id, channel: 'news', message })).toEqual({ code: 0 });
  for (const { heard } of [anna, ben]) await eventually(() => expect(heard()).toContain(message));
  expect(carl.heard()).not.toContain(message);
});

test('a message to one client, with a receipt in the words of FreeIM', async () => {
  const { arrive } = await setup();
  const [anna, ben] = [await arrive(), await arrive()];
  const fields = { senderWebsocketId: anna.id, receiveWebsocketId: ben.id, message: 'hi', isReceipt: 'true' };
  expect(await anna.call('send-msg', fields)).toEqual({ code: 0 });
  await eventually(() => expect(ben.heard()).toContain('hi'));
  await eventually(() => expect(anna.heard()).toContainEqual({ content: '"hi"', receipt: '发送成功' }));
  await anna.call('send-msg', { ...fields, receiveWebsocketId: '1' });
  await eventually(() => expect(anna.heard()).toContainEqual({ content: '"hi"', receipt: '用户不在线' }));
});

test('a broadcast reaches everybody, and arrivals are told to those that are there', async () => {
  const { arrive } = await setup();
  const anna = await arrive();
  const ben = await arrive();
  const notices = () =>
    anna.heard().map((text) => (JSON.parse(String(text)) as { msg: { content: string } }).msg.content);
  await eventually(() => expect(notices()).toContain(`用户${ben.id}上线了`));
  await ben.call('send-broadcast', { message: 'to all' });
  for (const { heard } of [anna, ben]) await eventually(() => expect(heard()).toContain('to all'));
});

test('offline closes the connections of whoever asks', async () => {
  const { arrive } = await setup();
  const anna = await arrive();
  expect(await anna.get(`offline?websocketId=${anna.id}`)).toEqual({ code: 0 });
  expect(await anna.closed).toEqual({ code: 4500, reason: 'disconnect' });
});

test('a browser keeps its id, nobody speaks or is sent away under another, and a forged cookie is none', async () => {
  const { arrive, post, read } = await setup();
  const [anna, ben] = [await arrive(), await arrive()];
  expect((await anna.call('pre-connect', { websocketId: anna.id })).websocketId).toBe(Number(anna.id));
  expect((await anna.call('pre-connect', { websocketId: ben.id })).websocketId).toBe(Number(anna.id));
  const forged = { senderWebsocketId: ben.id, receiveWebsocketId: anna.id, message: 'hi' };
  expect(await anna.call('send-msg', forged)).toEqual({ code: 403 });
  expect(await anna.get(`offline?websocketId=${ben.id}`)).toEqual({ code: 403 });
  expect(await read(await post('get-channels', {}))).toEqual({ code: 401 });
  const cookie = anna.cookie.replace(anna.id, ben.id);
  expect(await read(await post('get-channels', {}, cookie))).toEqual({ code: 401 });
});

test('what cannot be is refused: an empty channel is no broadcast, a form too long is no message', async () => {
  const { arrive } = await setup();
  const anna = await arrive();
  const refused = { code: 400, message: expect.any(String) as unknown };
  expect(await anna.call('send-channelmsg', { channel: '', message: 'to all?' })).toEqual(refused);
  expect(await anna.call('send-broadcast', { message: 'x'.repeat(300_000) })).toEqual(refused);
  expect(await anna.call('send-broadcast', { message: 'x'.repeat(70_000) })).toEqual(refused);
  expect(await anna.call('nothing')).toEqual({ code: 404 });
});
