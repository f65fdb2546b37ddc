import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ListedChannel, MessageReceipt, PastMessage } from '../../../services/demo/src/words.ts';
import { eventually } from '../../support/eventually.ts';
import { type DemoHarness, startTestDemo, type Visitor } from './demo-harness.ts';

let harness: DemoHarness;
beforeAll(async () => {
  harness = await startTestDemo();
});
afterAll(() => harness.close());

const key = (n: number | string): string => `key-0000-${n}`;
const textsOf = (messages: readonly { readonly data: unknown }[]): string[] =>
  messages.map(({ data }) => (data as { text: string }).text);
const receiptsOf = async (sender: Visitor, to: string, wait = false): Promise<string[]> => {
  const query = new URLSearchParams({ to, wait: String(wait) }).toString();
  const { receipts } = await sender.get<{ receipts: MessageReceipt[] }>(`/api/receipts?${query}`);
  return receipts.map(({ state }) => state);
};

test('two people talk in a channel: each word once, in order, for both, and in the history', async () => {
  const [anna, bob] = [await harness.signIn('Anna'), await harness.signIn('<b>Bob</b> 😀')];
  const pages = [await anna.open(), await bob.open()];
  for (const { post } of [anna, bob]) expect((await post('/api/channels/join', { channel: '..' })).status).toBe(204);
  for (let n = 0; n < 20; n += 1) {
    const writer = n % 2 ? anna : bob;
    await writer.post('/api/messages', { channel: '..', text: `word ${n}`, key: key(n) });
  }
  const words = Array.from({ length: 20 }, (_, n) => `word ${n}`);
  for (const page of pages) await eventually(() => expect(textsOf(page.messages)).toEqual(words));
  const { messages } = await anna.get<{ messages: PastMessage[] }>('/api/history?channel=..');
  expect(textsOf(messages)).toEqual(words);
  expect(messages.map(({ from }) => from).slice(0, 2)).toEqual([bob.name, anna.name]);
});

test('a request that is repeated adds nothing', async () => {
  const carol = await harness.signIn('Carol');
  const draft = { to: 'Dora', text: 'once', key: key('repeated') };
  const [first, second] = [await carol.post('/api/messages', draft), await carol.post('/api/messages', draft)];
  expect(second.body).toMatchObject({ id: (first.body as { id: string }).id });
  const { messages } = await carol.get<{ messages: PastMessage[] }>('/api/inbox');
  expect(textsOf(messages)).toEqual(['once']);
  const other = await carol.post('/api/messages', { ...draft, text: 'twice' });
  expect(other).toMatchObject({ status: 400, body: { code: 'key_conflict' } });
});

test('words wait for somebody who is away; their sender sees them wait, then arrive', async () => {
  const [erik, freya] = [await harness.signIn('Erik'), await harness.signIn('Freya')];
  const page = await erik.open();
  for (const n of [1, 2]) {
    const { body } = await erik.post('/api/messages', { to: 'Freya', text: `waiting ${n}`, key: key(n) });
    expect(body).toMatchObject({ state: 'offline' });
  }
  expect(await receiptsOf(erik, 'Freya')).toEqual(['offline', 'offline']);
  const asked = receiptsOf(erik, 'Freya', true);
  const freyas = await freya.open();
  await eventually(() => expect(textsOf(freyas.messages)).toEqual(['waiting 1', 'waiting 2']));
  expect(await asked).toEqual(['delivered', 'delivered']);
  const { body } = await erik.post('/api/messages', { to: 'Freya', text: 'now', key: key(3) });
  expect(body).toMatchObject({ state: 'sent' });
  const { id: messageId } = body as { id: string };
  await eventually(() => expect(page.said).toContainEqual({ kind: 'receipt', messageId, state: 'delivered' }));
});

test('pages hear who comes and goes, and how many are in a channel', async () => {
  const [greta, hanno] = [await harness.signIn('Greta'), await harness.signIn('Hanno')];
  const page = await greta.open();
  const hannos = await hanno.open();
  await eventually(() => expect(page.said).toContainEqual({ kind: 'presence', clientId: 'Hanno', isOnline: true }));
  expect((await greta.get<{ online: string[] }>('/api/people')).online).toEqual(
    expect.arrayContaining(['Greta', 'Hanno']),
  );
  await hanno.post('/api/channels/join', { channel: 'Cabin' });
  await eventually(() => expect(page.said).toContainEqual({ kind: 'channel', channel: 'Cabin', members: 1 }));
  await hanno.post('/api/channels/leave', { channel: 'Cabin' });
  await eventually(() => expect(page.said).toContainEqual({ kind: 'channel', channel: 'Cabin', members: 0 }));
  await hannos.close();
  await eventually(() => expect(page.said).toContainEqual({ kind: 'presence', clientId: 'Hanno', isOnline: false }));
});

test('whoever signs in is in the lobby; others decide nothing for them', async () => {
  const ida = await harness.signIn('Ida');
  const { channels } = await ida.get<{ channels: ListedChannel[] }>('/api/channels');
  expect(channels.find(({ channel }) => channel === 'Lobby')).toMatchObject({ isJoined: true });
  const refused = await ida.post('/api/channels/join', { channel: 'Cabin', clientId: 'Hanno' });
  expect(refused.status).toBe(400);
});

test('a person is in at most 50 channels', async () => {
  const jan = await harness.signIn('Jan');
  for (let n = 2; n <= 50; n += 1) await jan.post('/api/channels/join', { channel: `Deck ${n}` });
  expect(await jan.post('/api/channels/join', { channel: 'Deck 51' })).toMatchObject({
    status: 409,
    body: { code: 'too_many_channels' },
  });
});

test('sessions, words and receipts outlive a restart of the service', async () => {
  const karl = await harness.signIn('Karl');
  await karl.post('/api/messages', { to: 'Lena', text: 'still here', key: key('restart') });
  await harness.restart();
  expect(await karl.get('/api/session')).toEqual({ clientId: 'Karl', isLocal: false });
  expect(await receiptsOf(karl, 'Lena')).toEqual(['offline']);
  const lena = await (await harness.signIn('Lena')).open();
  await eventually(() => expect(textsOf(lena.messages)).toEqual(['still here']));
  await eventually(async () => expect(await receiptsOf(karl, 'Lena')).toEqual(['delivered']));
});
