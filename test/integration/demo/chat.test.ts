import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type {
  ListedChannel,
  MessageReceipt,
  PastAnswer,
  PastMessage,
  ReadData,
  TextData,
} from '../../../services/demo/src/words.ts';
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
  expect(await karl.get('/api/session')).toEqual({ clientId: 'Karl', isLocal: false, mayBroadcast: false });
  expect(await receiptsOf(karl, 'Lena')).toEqual(['offline']);
  const lena = await (await harness.signIn('Lena')).open();
  await eventually(() => expect(textsOf(lena.messages)).toEqual(['still here']));
  await eventually(async () => expect(await receiptsOf(karl, 'Lena')).toEqual(['delivered']));
});

test('a word that was looked at is read: both hear it, from whichever page, and it is believed of nobody else', async () => {
  const [mona, nils] = [await harness.signIn('Mona'), await harness.signIn('Nils')];
  const pages = [await mona.open(), await nils.open(), await nils.open()];
  await mona.post('/api/messages', { to: 'Nils', text: 'seen?', key: key('read') });
  const { messages } = await nils.get<PastAnswer>('/api/inbox');
  const { id, position } = messages[0] as PastMessage;
  const looked = { from: 'Mona', id, position };
  expect(await mona.post('/api/messages/read', { ...looked, from: 'Nils' })).toMatchObject({ status: 404 });
  // Two pages say it at the same time.
  const answers = await Promise.all([1, 2].map(() => nils.post('/api/messages/read', looked)));
  expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  const read = { kind: 'read', to: 'Mona', messageId: id };
  const readsOf = (all: readonly { readonly data: unknown }[]): unknown[] =>
    all.map(({ data }) => data).filter((data) => (data as TextData | ReadData).kind === 'read');
  for (const page of pages) await eventually(() => expect(readsOf(page.messages)).toEqual([read]));
  // It is still known after a reload.
  expect(readsOf((await mona.get<PastAnswer>('/api/inbox')).messages)).toEqual([read]);
  await eventually(async () => expect(await receiptsOf(mona, 'Nils')).toEqual(['delivered']));
});

test('that somebody is typing is told to who may know it, and not kept', async () => {
  const [olaf, pia] = [await harness.signIn('Olaf'), await harness.signIn('Pia')];
  const page = await pia.open();
  expect(await olaf.post('/api/typing', { to: 'Pia' })).toMatchObject({ status: 204 });
  await eventually(() => expect(page.said).toContainEqual({ kind: 'typing', clientId: 'Olaf', channel: null }));
  await pia.post('/api/channels/join', { channel: 'Galley' });
  expect(await olaf.post('/api/typing', { channel: 'Galley' })).toMatchObject({ status: 403 });
  await olaf.post('/api/channels/join', { channel: 'Galley' });
  await olaf.post('/api/typing', { channel: 'Galley' });
  await eventually(() => expect(page.said).toContainEqual({ kind: 'typing', clientId: 'Olaf', channel: 'Galley' }));
  expect(page.messages).toEqual([]);
  expect((await pia.get<PastAnswer>('/api/inbox')).messages).toEqual([]);
  expect(await olaf.post('/api/typing', {})).toMatchObject({ status: 400 });
});

test('who created a channel puts others out, and nobody else does', async () => {
  const [quin, rosa] = [await harness.signIn('Quin'), await harness.signIn('Rosa')];
  const page = await rosa.open();
  expect(await quin.post('/api/channels/create', { channel: 'Keel' })).toMatchObject({ status: 204 });
  expect(await rosa.post('/api/channels/create', { channel: 'Keel' })).toMatchObject({
    status: 409,
    body: { code: 'channel_exists' },
  });
  expect(await rosa.post('/api/channels/create', { channel: 'Lobby' })).toMatchObject({ status: 409 });
  await rosa.post('/api/channels/join', { channel: 'Keel' });
  const keelOf = async (visitor: Visitor): Promise<ListedChannel | undefined> =>
    (await visitor.get<{ channels: ListedChannel[] }>('/api/channels')).channels.find(
      ({ channel }) => channel === 'Keel',
    );
  expect(await keelOf(quin)).toEqual({ channel: 'Keel', members: 2, isJoined: true, isMine: true });
  expect(await keelOf(rosa)).toEqual({ channel: 'Keel', members: 2, isJoined: true, isMine: false });
  expect(await quin.get('/api/channels/members?channel=Keel')).toEqual({ members: ['Quin', 'Rosa'] });

  const putOut = (by: Visitor, clientId: string) => by.post('/api/channels/put-out', { channel: 'Keel', clientId });
  expect(await putOut(rosa, 'Quin')).toMatchObject({ status: 403, body: { code: 'not_creator' } });
  expect(await putOut(quin, 'Quin')).toMatchObject({ status: 404 });
  expect(await putOut(quin, 'Rosa')).toMatchObject({ status: 204 });
  await eventually(() =>
    expect(page.messages.map(({ data }) => data)).toContainEqual({ kind: 'put-out', channel: 'Keel', by: 'Quin' }),
  );
  expect(await rosa.get('/api/channels/members?channel=Keel')).toMatchObject({ code: 'no_member' });
  expect(await keelOf(rosa)).toMatchObject({ members: 1, isJoined: false });
  // They may come again; and who leaves a channel has created it no more.
  await rosa.post('/api/channels/join', { channel: 'Keel' });
  await quin.post('/api/channels/leave', { channel: 'Keel' });
  await quin.post('/api/channels/join', { channel: 'Keel' });
  expect(await putOut(quin, 'Rosa')).toMatchObject({ status: 403 });
});

test('older words are told page by page', async () => {
  const sven = await harness.signIn('Sven');
  await sven.post('/api/channels/create', { channel: 'Log' });
  for (let n = 1; n <= 130; n += 1) {
    await sven.post('/api/messages', { channel: 'Log', text: `word ${n}`, key: key(`log-${n}`) });
  }
  const newest = await sven.get<PastAnswer>('/api/history?channel=Log');
  expect(newest.messages).toHaveLength(100);
  const older = await sven.get<PastAnswer>(`/api/history?channel=Log&before=${newest.before ?? ''}`);
  expect(older.before).toBeNull();
  const words = Array.from({ length: 130 }, (_, n) => `word ${n + 1}`);
  expect([...textsOf(older.messages), ...textsOf(newest.messages)]).toEqual(words);
});

test('nobody writes to everybody but on the machine where it was started', async () => {
  const tom = await harness.signIn('Tom');
  const notice = { text: 'to all', key: key('notice') };
  expect(await tom.post('/api/broadcast', notice)).toMatchObject({ status: 403, body: { code: 'not_allowed' } });
  expect(await tom.get('/api/broadcasts')).toEqual({ messages: [], before: null });
});
