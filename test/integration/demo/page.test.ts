import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type DemoHarness, startTestDemo } from './demo-harness.ts';

let harness: DemoHarness;
beforeAll(async () => {
  harness = await startTestDemo();
});
afterAll(() => harness.close());

const load = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(harness.demo().url + path, { headers });

test('the page forbids itself everything foreign and everything inline, on every answer', async () => {
  for (const path of ['/', '/page.js', '/api/session', '/nothing']) {
    const policy = (await load(path)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe|\*|data:/u);
  }
  const html = await (await load('/')).text();
  expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|javascript:|https?:/iu);
});

test('the page weighs less than 100 KB, before and after compression', async () => {
  const files = await Promise.all(
    ['/', '/page.js', '/page.css', '/icon.svg'].map(async (path) =>
      Buffer.from(await (await load(path)).arrayBuffer()),
    ),
  );
  const bytes = files.reduce((sum, { length }) => sum + length, 0);
  const zipped = files.reduce((sum, file) => sum + gzipSync(file).length, 0);
  expect(zipped).toBeLessThan(30_000);
  expect(bytes).toBeLessThan(100_000);
});

test('the script never reads text as markup', async () => {
  const script = await (await load('/page.js')).text();
  expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/u);
});

test('a browser that has the page is told so', async () => {
  const etag = (await load('/page.js')).headers.get('etag') ?? '';
  expect((await load('/page.js', { 'if-none-match': etag })).status).toBe(304);
});

test('an address is for who is signed in, and is not kept', async () => {
  expect((await load('/address')).status).toBe(401);
  const { cookie } = await harness.signIn('Anna');
  const answer = await load('/address', { cookie });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.json()).toMatchObject({ url: expect.stringContaining('/s/'), token: expect.any(String) });
});

test('a path that leads out of the page leads nowhere', async () => {
  for (const path of ['/../package.json', '/%2e%2e/src/main.ts', '/src/main.ts', '/page.js/..%2f']) {
    expect((await load(path)).status).toBe(404);
  }
});
