import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type {
  AcceptedFile,
  FileData,
  MessageReceipt,
  PastAnswer,
  PastMessage,
  ProblemAnswer,
} from '../../../services/demo/src/words.ts';
import { eventually } from '../../support/eventually.ts';
import { type DemoHarness, startTestDemo, type Visitor } from './demo-harness.ts';

const LIMIT = 1_000_000;
const TOTAL = 3_000_000;
let filesDir: string;
let harness: DemoHarness;
beforeAll(async () => {
  filesDir = await mkdtemp(join(tmpdir(), 'flotilla-files-'));
  harness = await startTestDemo({ filesDir, fileBytes: LIMIT, filesTotalBytes: TOTAL }, 'redis');
}, 60_000);
afterAll(async () => {
  await harness.close();
  await rm(filesDir, { recursive: true });
});
afterEach(async () => {
  for (const name of await readdir(filesDir)) await rm(join(filesDir, name), { recursive: true, force: true });
});

interface Upload {
  readonly to: string;
  readonly name?: string;
  readonly key?: string;
  readonly type?: string;
}

const newKey = (): string => randomBytes(16).toString('hex');
const queryOf = ({ to, name = 'notes.txt', key = newKey() }: Upload): string =>
  new URLSearchParams({ to, name, key }).toString();

async function send(from: Visitor, upload: Upload, body: string | Uint8Array<ArrayBuffer>) {
  const headers = { cookie: from.cookie, 'content-type': upload.type ?? 'text/plain' };
  const answer = await fetch(`${harness.demo().url}/api/files?${queryOf(upload)}`, { method: 'POST', headers, body });
  return { status: answer.status, body: (await answer.json()) as AcceptedFile & ProblemAnswer };
}

/** An upload that goes as far as the test writes it. */
function begin(
  from: Visitor,
  upload: Upload,
  headers: Record<string, string | number>,
  agent: Agent | false = false,
): ClientRequest {
  const own = { cookie: from.cookie, 'content-type': upload.type ?? 'text/plain' };
  const url = `${harness.demo().url}/api/files?${queryOf(upload)}`;
  const asking = request(url, { method: 'POST', agent, headers: { ...own, ...headers } });
  asking.on('error', () => undefined);
  asking.flushHeaders();
  return asking;
}

async function answerOf(asking: ClientRequest): Promise<{ status: number | undefined; code: string | undefined }> {
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode, code: (JSON.parse(Buffer.concat(chunks).toString()) as ProblemAnswer).code };
}

function load(visitor: Visitor | null, fileId: string, method = 'GET'): Promise<Response> {
  const headers = visitor === null ? {} : { cookie: visitor.cookie };
  return fetch(`${harness.demo().url}/api/files/${fileId}`, { method, headers });
}

async function filesOf(visitor: Visitor): Promise<PastMessage[]> {
  const { messages } = await visitor.get<PastAnswer>('/api/inbox');
  return messages.filter(({ data }) => data.kind === 'file');
}

const receiptsOf = async (sender: Visitor, to: string): Promise<string[]> =>
  (await sender.get<{ receipts: MessageReceipt[] }>(`/api/receipts?to=${to}&wait=false`)).receipts.map(
    ({ state }) => state,
  );

test('a file waits for somebody who is away, as words do, and is the same when they return', async () => {
  const [anna, bob] = [await harness.signIn('Anna'), await harness.signIn('Bob')];
  const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(400_000)]);
  const { status, body } = await send(anna, { to: 'Bob', name: 'plan.pdf', type: 'application/pdf' }, bytes);
  expect(status).toBe(200);
  expect(body).toMatchObject({ state: 'offline', data: { name: 'plan.pdf', size: bytes.length, to: 'Bob' } });
  expect(await receiptsOf(anna, 'Bob')).toEqual(['offline']);

  const page = await bob.open();
  await eventually(() => expect(page.messages.map(({ data }) => data)).toEqual([body.data]));
  const { fileId } = page.messages[0]?.data as FileData;
  expect(Buffer.from(await (await load(bob, fileId)).arrayBuffer()).equals(bytes)).toBe(true);
  await eventually(async () => expect(await receiptsOf(anna, 'Bob')).toEqual(['delivered']));

  // It is in the history of both, and its receiver can say that it was looked at.
  const [his] = await filesOf(bob);
  expect((await filesOf(anna)).map(({ data }) => data)).toEqual([his?.data]);
  const looked = { from: 'Anna', id: his?.id, position: his?.position };
  expect(await bob.post('/api/messages/read', looked)).toMatchObject({ status: 204 });
});

test('a file is for who sent it and who gets it: for others it does not exist', async () => {
  const [carl, dora, eve] = [
    await harness.signIn('Carl'),
    await harness.signIn('Dora'),
    await harness.signIn('Eve'),
  ] as const;
  const { fileId } = (await send(carl, { to: 'Dora' }, 'for Dora')).body.data;
  expect(fileId).toMatch(/^[\w-]{43}$/u);
  for (const visitor of [carl, dora]) expect(await (await load(visitor, fileId)).text()).toBe('for Dora');
  const [theirs, nobodys] = [await load(eve, fileId), await load(eve, 'x'.repeat(43))];
  expect([theirs.status, nobodys.status]).toEqual([404, 404]);
  const problem = (await theirs.json()) as ProblemAnswer;
  expect(problem).toEqual(await nobodys.json());
  expect(problem.code).toBe('file_gone');
  expect((await load(eve, fileId, 'HEAD')).status).toBe(404);
  expect((await load(null, fileId)).status).toBe(401);
  expect((await load(dora, '..%2f..%2fkeys.json')).status).toBe(404);
});

test('whatever it is called, a file is saved and never shown', async () => {
  const [fred, gina] = [await harness.signIn('Fred'), await harness.signIn('Gina')];
  const name = '<img src=x onerror="alert(1)">é.html';
  const { body } = await send(fred, { to: 'Gina', name }, 'hello');
  expect(body.data.name).toBe(name);
  for (const method of ['GET', 'HEAD']) {
    const { status, headers } = await load(gina, body.data.fileId, method);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toBe(
      'attachment; filename="_img src=x onerror=_alert(1)___.html.txt"; ' +
        "filename*=UTF-8''%3Cimg%20src%3Dx%20onerror%3D%22alert%281%29%22%3E%C3%A9.html.txt",
    );
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('content-length')).toBe('5');
  }
});

test('somebody who is here hears that a file is coming; one that breaks off leaves nothing', async () => {
  const [hugo, iris] = [await harness.signIn('Hugo'), await harness.signIn('Iris')];
  const page = await iris.open();
  const asking = begin(hugo, { to: 'Iris', name: 'tale.txt' }, { 'content-length': 500_000 });
  asking.write('x'.repeat(100_000));
  const coming = { kind: 'coming', clientId: 'Hugo', name: 'tale.txt', size: 500_000 };
  await eventually(() => expect(page.said).toContainEqual({ ...coming, isComing: true }));
  expect(await readdir(filesDir)).toHaveLength(1);
  asking.destroy();
  await eventually(() => expect(page.said).toContainEqual({ ...coming, isComing: false }));
  await eventually(async () => expect(await readdir(filesDir)).toEqual([]));
  expect(page.messages).toEqual([]);
  expect(await filesOf(hugo)).toEqual([]);
});

test('a file that is too large is refused before it comes, or where it says nothing of its size, at that size', async () => {
  const jana = await harness.signIn('Jana');
  const announced = begin(jana, { to: 'Karl' }, { 'content-length': LIMIT + 1 });
  // Nothing of it was sent.
  expect(await answerOf(announced)).toEqual({ status: 413, code: 'file_too_large' });
  announced.destroy();

  const agent = new Agent({ keepAlive: true });
  const silent = begin(jana, { to: 'Karl' }, { 'transfer-encoding': 'chunked' }, agent);
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
  expect(await readdir(filesDir)).toEqual([]);
  const exact = await send(jana, { to: 'Karl' }, 'x'.repeat(LIMIT));
  expect(exact).toMatchObject({ status: 200, body: { data: { size: LIMIT } } });
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
  const refused = await send(lena, { to: 'Mark', type }, Buffer.from(body));
  expect(refused).toMatchObject({ status, body: { code } });
  expect(await readdir(filesDir)).toEqual([]);
  expect(await filesOf(lena)).toEqual([]);
});

test('the same key twice is one file and one message, however it is repeated', async () => {
  const [nina, otto] = [await harness.signIn('Nina'), await harness.signIn('Otto')];
  const page = await otto.open();
  const upload = { to: 'Otto', key: newKey() };
  const answers = await Promise.all([1, 2].map(() => send(nina, upload, 'once')));
  answers.push(await send(nina, upload, 'once'));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(await readdir(filesDir)).toEqual([answers[0]?.body.data.fileId]);
  expect(await filesOf(otto)).toHaveLength(1);
  await eventually(() => expect(page.messages).toHaveLength(1));
  for (const other of [
    { ...upload, to: 'Paul' },
    { ...upload, name: 'other.txt' },
  ]) {
    expect(await send(nina, other, 'once')).toMatchObject({ status: 400, body: { code: 'key_conflict' } });
  }
});

test('a service that is restarted half-way gets the file whole the second time, and nothing is doubled', async () => {
  const [quin, rosa] = [await harness.signIn('Quin'), await harness.signIn('Rosa')];
  const upload = { to: 'Rosa', key: newKey() };
  const asking = begin(quin, upload, { 'content-length': 200_000 });
  asking.write('x'.repeat(100_000));
  await eventually(async () => expect(await readdir(filesDir)).toHaveLength(1));
  await harness.restart();
  await eventually(async () => expect(await readdir(filesDir)).toEqual([]));
  expect(await send(quin, upload, 'x'.repeat(200_000))).toMatchObject({ status: 200 });
  await harness.restart();
  // The answer was lost, as the page sees it.
  const again = await send(quin, upload, 'x'.repeat(200_000));
  expect(again).toMatchObject({ status: 200, body: { data: { size: 200_000 } } });
  expect(await filesOf(rosa)).toHaveLength(1);
  expect((await (await load(rosa, again.body.data.fileId)).arrayBuffer()).byteLength).toBe(200_000);
}, 60_000);

test('there is room for so much, also counting what is on its way', async () => {
  const sven = await harness.signIn('Sven');
  for (let n = 0; n < 2; n += 1)
    expect(await send(sven, { to: 'Tina' }, 'x'.repeat(LIMIT))).toMatchObject({ status: 200 });
  const asking = begin(sven, { to: 'Tina' }, { 'content-length': LIMIT });
  asking.write('x');
  await eventually(async () => expect(await readdir(filesDir)).toHaveLength(3));
  expect(await send(sven, { to: 'Tina' }, 'one more')).toMatchObject({ status: 507, body: { code: 'no_space' } });
  asking.destroy();
  await eventually(async () => expect(await readdir(filesDir)).toHaveLength(2));
  expect(await send(sven, { to: 'Tina' }, 'one more')).toMatchObject({ status: 200 });
});

test('a person sends three files at the same time, and more when one of them is done', async () => {
  const [ulla, vera] = [await harness.signIn('Ulla'), await harness.signIn('Vera')];
  const asking = [1, 2, 3].map(() => begin(ulla, { to: 'Vera' }, { 'content-length': 10 }));
  for (const each of asking) each.write('x');
  await eventually(async () => expect(await readdir(filesDir)).toHaveLength(3));
  expect(await send(ulla, { to: 'Vera' }, 'a fourth')).toMatchObject({
    status: 429,
    body: { code: 'too_many_uploads', retryAfterMs: expect.any(Number) },
  });
  expect(await send(vera, { to: 'Ulla' }, 'of another')).toMatchObject({ status: 200 });
  asking[0]?.end('x'.repeat(9));
  await eventually(async () => expect(await send(ulla, { to: 'Vera' }, 'a fourth')).toMatchObject({ status: 200 }));
  for (const each of asking) each.destroy();
});

test('a file is gone after two days', async () => {
  const [walt, xena] = [await harness.signIn('Walt'), await harness.signIn('Xena')];
  const { fileId } = (await send(walt, { to: 'Xena' }, 'old')).body.data;
  const about = join(filesDir, fileId, 'file.json');
  const aged = { ...(JSON.parse(await readFile(about, 'utf8')) as object), at: Date.now() - 48 * 3_600_000 };
  await writeFile(about, JSON.stringify(aged));
  const answer = await load(xena, fileId);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'file_gone', message: expect.stringContaining('2 days') });
  // Its time is up: the next start clears it away.
  await harness.restart();
  await eventually(async () => expect(await readdir(filesDir)).toEqual([]));
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
  expect(await readdir(filesDir)).toEqual([]);
});
