import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { ProblemAnswer } from '../../../services/demo/src/words.ts';
import { type FilesHarness, startFiles } from './file-people.ts';

let harness: FilesHarness;
beforeAll(async () => {
  harness = await startFiles();
}, 60_000);
afterAll(() => harness.close());
afterEach(() => harness.clear());

test('a file is for who sent it and who gets it: for others it does not exist', async () => {
  const [carl, dora, eve] = [
    await harness.signIn('Carl'),
    await harness.signIn('Dora'),
    await harness.signIn('Eve'),
  ] as const;
  const { fileId } = (await harness.send(carl, { to: 'Dora' }, 'for Dora')).body.data;
  expect(fileId).toMatch(/^[\w-]{43}$/u);
  for (const visitor of [carl, dora]) expect(await (await harness.load(visitor, fileId)).text()).toBe('for Dora');
  const [theirs, nobodys] = [await harness.load(eve, fileId), await harness.load(eve, 'x'.repeat(43))];
  expect([theirs.status, nobodys.status]).toEqual([404, 404]);
  const problem = (await theirs.json()) as ProblemAnswer;
  expect(problem).toEqual(await nobodys.json());
  expect(problem.code).toBe('file_gone');
  expect((await harness.load(eve, fileId, { method: 'HEAD' })).status).toBe(404);
  expect((await harness.load(null, fileId)).status).toBe(401);
  expect((await harness.load(dora, '..%2f..%2fkeys.json')).status).toBe(404);
});

test('whatever it is called, a file is saved and never shown', async () => {
  const [fred, gina] = [await harness.signIn('Fred'), await harness.signIn('Gina')];
  const name = '<img src=x onerror="alert(1)">é.html';
  // Of a path the last part counts, and what does not show is left out.
  const { body } = await harness.send(fred, { to: 'Gina', name: `../../etc\\\u202e${name}\0` }, 'hello');
  expect(body.data.name).toBe(name);
  for (const method of ['GET', 'HEAD']) {
    const { status, headers } = await harness.load(gina, body.data.fileId, { method });
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

test('a download that broke off goes on where it ended', async () => {
  const [hans, ines] = [await harness.signIn('Hans'), await harness.signIn('Ines')];
  const { fileId } = (await harness.send(hans, { to: 'Ines' }, '0123456789')).body.data;
  const ask = async (headers: Record<string, string>, method = 'GET') => {
    const answer = await harness.load(ines, fileId, { headers, method });
    const range = answer.headers.get('content-range');
    return { status: answer.status, range, length: answer.headers.get('content-length'), text: await answer.text() };
  };
  const whole = { status: 200, range: null, length: '10', text: '0123456789' };
  const first = await harness.load(ines, fileId);
  expect([first.headers.get('accept-ranges'), await first.text()]).toEqual(['bytes', whole.text]);
  const etag = first.headers.get('etag') ?? '';
  expect(etag).toMatch(/^"[\w-]{43}"$/u);

  const end = { status: 206, range: 'bytes 4-9/10', length: '6', text: '456789' };
  expect(await ask({ range: 'bytes=4-' })).toEqual(end);
  expect(await ask({ range: 'bytes=4-', 'if-range': etag })).toEqual(end);
  expect(await ask({ range: 'bytes=0-0' })).toMatchObject({ status: 206, range: 'bytes 0-0/10', text: '0' });
  // The beginning was of something else; or several parts are wanted, which is not offered.
  expect(await ask({ range: 'bytes=4-', 'if-range': '"other"' })).toEqual(whole);
  expect(await ask({ range: 'bytes=0-1,4-5' })).toEqual(whole);
  expect(await ask({ range: 'bytes=4-' }, 'HEAD')).toMatchObject({ status: 200, length: '10', text: '' });
  const beyond = await ask({ range: 'bytes=10-' });
  expect(beyond).toMatchObject({ status: 416, range: 'bytes */10' });
  expect(JSON.parse(beyond.text)).toMatchObject({ code: 'bad_range' });
});
