import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { FileData, MessageReceipt } from '../../../services/demo/src/words.ts';
import { eventually } from '../../support/eventually.ts';
import type { Visitor } from './demo-harness.ts';
import { answerOf, type FilesHarness, filesOf, LIMIT, newKey, queryOf, startFiles } from './file-people.ts';

let harness: FilesHarness;
beforeAll(async () => {
  harness = await startFiles();
}, 60_000);
afterAll(() => harness.close());
afterEach(() => harness.clear());

const receiptsOf = async (sender: Visitor, to: string): Promise<string[]> =>
  (await sender.get<{ receipts: MessageReceipt[] }>(`/api/receipts?to=${to}&wait=false`)).receipts.map(
    ({ state }) => state,
  );

test('a file waits for somebody who is away, as words do, and is the same when they return', async () => {
  const [anna, bob] = [await harness.signIn('Anna'), await harness.signIn('Bob')];
  const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(400_000)]);
  const { status, body } = await harness.send(anna, { to: 'Bob', name: 'plan.pdf', type: 'application/pdf' }, bytes);
  expect(status).toBe(200);
  expect(body).toMatchObject({ state: 'offline', data: { name: 'plan.pdf', size: bytes.length, to: 'Bob' } });
  expect(await receiptsOf(anna, 'Bob')).toEqual(['offline']);

  const page = await bob.open();
  await eventually(() => expect(page.messages.map(({ data }) => data)).toEqual([body.data]));
  const { fileId } = page.messages[0]?.data as FileData;
  expect(Buffer.from(await (await harness.load(bob, fileId)).arrayBuffer()).equals(bytes)).toBe(true);
  await eventually(async () => expect(await receiptsOf(anna, 'Bob')).toEqual(['delivered']));

  // It is in the history of both, and its receiver can say that it was looked at.
  const [his] = await filesOf(bob);
  expect((await filesOf(anna)).map(({ data }) => data)).toEqual([his?.data]);
  const looked = { from: 'Anna', id: his?.id, position: his?.position };
  expect(await bob.post('/api/messages/read', looked)).toMatchObject({ status: 204 });
});

test('somebody who is here hears that a file is coming; one that breaks off leaves nothing', async () => {
  const [hugo, iris] = [await harness.signIn('Hugo'), await harness.signIn('Iris')];
  const page = await iris.open();
  const asking = harness.begin(hugo, { to: 'Iris', name: 'tale.txt' }, { 'content-length': 500_000 });
  asking.write('x'.repeat(100_000));
  const coming = { kind: 'coming', clientId: 'Hugo', name: 'tale.txt', size: 500_000 };
  await eventually(() => expect(page.said).toContainEqual({ ...coming, isComing: true }));
  expect(await readdir(harness.filesDir)).toHaveLength(1);
  asking.destroy();
  await eventually(() => expect(page.said).toContainEqual({ ...coming, isComing: false }));
  await eventually(async () => expect(await readdir(harness.filesDir)).toEqual([]));
  expect(page.messages).toEqual([]);
  expect(await filesOf(hugo)).toEqual([]);
});

test('a file that is too large is refused before it comes, or where it says nothing of its size, at that size', async () => {
  const jana = await harness.signIn('Jana');
  const announced = harness.begin(jana, { to: 'Karl' }, { 'content-length': LIMIT + 1 });
  // Nothing of it was sent.
  expect(await answerOf(announced)).toEqual({ status: 413, code: 'file_too_large' });
  announced.destroy();

  const agent = new Agent({ keepAlive: true });
  const silent = harness.begin(jana, { to: 'Karl' }, { 'transfer-encoding': 'chunked' }, agent);
  const answered = answerOf(silent);
  const closed = new Promise((resolve) => silent.once('close', resolve));
  let sent = 0;
  const pour = setInterval(() => {
    if (silent.writableLength > 1e6) return;
    silent.write('x'.repeat(100_000));
    sent += 100_000;
  }, 5);
  expect(await answered).toEqual({ status: 413, code: 'file_too_large' });
  // Who goes on for ever is cut off.
  await closed;
  clearInterval(pour);
  agent.destroy();
  expect(sent).toBeGreaterThan(LIMIT);
  expect(await readdir(harness.filesDir)).toEqual([]);
  const exact = await harness.send(jana, { to: 'Karl' }, 'x'.repeat(LIMIT));
  expect(exact).toMatchObject({ status: 200, body: { data: { size: LIMIT } } });
});

test('who hears only amid it that a file is too large sends the rest, and goes on over the same connection', async () => {
  const alma = await harness.signIn('Alma');
  const { hostname, port } = new URL(harness.demo().url);
  const socket = connect(Number(port), hostname);
  let heard = '';
  socket.setEncoding('utf8').on('data', (text) => (heard += String(text)));
  const head = (line: string): string => `${line} HTTP/1.1\r\nhost: demo\r\ncookie: ${alma.cookie}\r\n`;
  const chunk = (size: number): string => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;
  const upload = head(`POST /api/files?${queryOf({ to: 'Ben' })}`);
  socket.write(`${upload}content-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n${chunk(LIMIT + 1)}`);
  await eventually(() => expect(heard).toContain('HTTP/1.1 413'));
  socket.write(`${chunk(LIMIT / 2)}0\r\n\r\n${head('GET /api/files')}\r\n`);
  await eventually(() => expect(heard).toContain('HTTP/1.1 200'));
  socket.destroy();
});

test.each<[string, string, string, number, string]>([
  ['a web page', 'text/html', '<p>', 415, 'bad_type'],
  ['a drawing that can act', 'image/svg+xml', '<svg>', 415, 'bad_type'],
  ['a web page that is said to be a picture', 'image/png', '<html>', 415, 'bad_type'],
  ['a program that is said to be text', 'text/plain', 'MZ\0\0', 415, 'bad_type'],
  ['what is of no known type', 'application/octet-stream', 'hello', 415, 'bad_type'],
  ['nothing', 'text/plain', '', 400, 'empty_file'],
])('%s is refused, and leaves nothing', async (_, type, body, status, code) => {
  const lena = await harness.signIn('Lena');
  const refused = await harness.send(lena, { to: 'Mark', type }, Buffer.from(body));
  expect(refused).toMatchObject({ status, body: { code } });
  expect(await readdir(harness.filesDir)).toEqual([]);
  expect(await filesOf(lena)).toEqual([]);
});

test('the same key twice is one file and one message, however it is repeated', async () => {
  const [nina, otto] = [await harness.signIn('Nina'), await harness.signIn('Otto')];
  const page = await otto.open();
  const upload = { to: 'Otto', key: newKey() };
  const answers = await Promise.all([1, 2].map(() => harness.send(nina, upload, 'once')));
  answers.push(await harness.send(nina, upload, 'once'));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(await readdir(harness.filesDir)).toEqual([answers[0]?.body.data.fileId]);
  expect(await filesOf(otto)).toHaveLength(1);
  await eventually(() => expect(page.messages).toHaveLength(1));
  for (const other of [
    { ...upload, to: 'Paul' },
    { ...upload, name: 'other.txt' },
  ]) {
    expect(await harness.send(nina, other, 'once')).toMatchObject({ status: 400, body: { code: 'key_conflict' } });
  }
});

test('a service that is restarted half-way gets the file whole the second time, and nothing is doubled', async () => {
  const [quin, rosa] = [await harness.signIn('Quin'), await harness.signIn('Rosa')];
  const upload = { to: 'Rosa', key: newKey() };
  const asking = harness.begin(quin, upload, { 'content-length': 200_000 });
  asking.write('x'.repeat(100_000));
  await eventually(async () => expect(await readdir(harness.filesDir)).toHaveLength(1));
  await harness.restart();
  await eventually(async () => expect(await readdir(harness.filesDir)).toEqual([]));
  expect(await harness.send(quin, upload, 'x'.repeat(200_000))).toMatchObject({ status: 200 });
  await harness.restart();
  // The answer was lost, as the page sees it.
  const again = await harness.send(quin, upload, 'x'.repeat(200_000));
  expect(again).toMatchObject({ status: 200, body: { data: { size: 200_000 } } });
  expect(await filesOf(rosa)).toHaveLength(1);
  expect((await (await harness.load(rosa, again.body.data.fileId)).arrayBuffer()).byteLength).toBe(200_000);
}, 60_000);

test('there is room for so much, also counting what is on its way', async () => {
  const sven = await harness.signIn('Sven');
  for (let n = 0; n < 2; n += 1)
    expect(await harness.send(sven, { to: 'Tina' }, 'x'.repeat(LIMIT))).toMatchObject({ status: 200 });
  const asking = harness.begin(sven, { to: 'Tina' }, { 'content-length': LIMIT });
  asking.write('x');
  await eventually(async () => expect(await readdir(harness.filesDir)).toHaveLength(3));
  expect(await harness.send(sven, { to: 'Tina' }, 'one more')).toMatchObject({
    status: 507,
    body: { code: 'no_space' },
  });
  asking.destroy();
  await eventually(async () => expect(await readdir(harness.filesDir)).toHaveLength(2));
  expect(await harness.send(sven, { to: 'Tina' }, 'one more')).toMatchObject({ status: 200 });
});

test('a person sends three files at the same time, and more when one of them is done', async () => {
  const [ulla, vera] = [await harness.signIn('Ulla'), await harness.signIn('Vera')];
  const asking = [1, 2, 3].map(() => harness.begin(ulla, { to: 'Vera' }, { 'content-length': 10 }));
  for (const each of asking) each.write('x');
  await eventually(async () => expect(await readdir(harness.filesDir)).toHaveLength(3));
  expect(await harness.send(ulla, { to: 'Vera' }, 'a fourth')).toMatchObject({
    status: 429,
    body: { code: 'too_many_uploads', retryAfterMs: expect.any(Number) },
  });
  expect(await harness.send(vera, { to: 'Ulla' }, 'of another')).toMatchObject({ status: 200 });
  asking[0]?.end('x'.repeat(9));
  await eventually(async () =>
    expect(await harness.send(ulla, { to: 'Vera' }, 'a fourth')).toMatchObject({ status: 200 }),
  );
  for (const each of asking) each.destroy();
});

test('a file is gone after two days', async () => {
  const [walt, xena] = [await harness.signIn('Walt'), await harness.signIn('Xena')];
  const { fileId } = (await harness.send(walt, { to: 'Xena' }, 'old')).body.data;
  const about = join(harness.filesDir, fileId, 'file.json');
  const aged = { ...(JSON.parse(await readFile(about, 'utf8')) as object), at: Date.now() - 48 * 3_600_000 };
  await writeFile(about, JSON.stringify(aged));
  const answer = await harness.load(xena, fileId);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'file_gone', message: expect.stringContaining('2 days') });
  // Its time is up: the next start clears it away.
  await harness.restart();
  await eventually(async () => expect(await readdir(harness.filesDir)).toEqual([]));
});

test('who is signed out, or comes from another site, sends nothing', async () => {
  const yann = await harness.signIn('Yann');
  const post = async (headers: Record<string, string>): Promise<number> =>
    (
      await fetch(`${harness.demo().url}/api/files?${queryOf({ to: 'Zoe' })}`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain', ...headers },
        body: 'hello',
      })
    ).status;
  expect(await post({})).toBe(401);
  expect(await post({ cookie: yann.cookie, 'sec-fetch-site': 'same-site' })).toBe(403);
  expect(await readdir(harness.filesDir)).toEqual([]);
});
