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

/** What a browser loads with the page: what it names, and what its scripts import, which it names as well. */
async function loadedAtOnce(): Promise<string[]> {
  const html = await (await load('/')).text();
  return [...new Set([...html.matchAll(/(?:href|src)="(\/[^"]*\.\w+)"/gu)].map(([, path = '']) => path))];
}

/** Every script, also those that are loaded when they are first needed: whatever path a script names. */
async function scripts(path = '/page.js', found = new Map<string, string>()): Promise<Map<string, string>> {
  if (found.has(path)) return found;
  const text = await (await load(path)).text();
  found.set(path, text);
  for (const [, name = ''] of text.matchAll(/["']\.{1,2}\/((?:chunks\/)?[\w-]+-[A-Z0-9]{8}\.js)["']/gu)) {
    await scripts(`/chunks/${name.replace('chunks/', '')}`, found);
  }
  return found;
}

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
    ['/', ...(await loadedAtOnce())].map(async (path) => Buffer.from(await (await load(path)).arrayBuffer())),
  );
  expect(files.length).toBeGreaterThan(3);
  const bytes = files.reduce((sum, { length }) => sum + length, 0);
  const zipped = files.reduce((sum, file) => sum + gzipSync(file).length, 0);
  expect(zipped).toBeLessThan(30_000);
  expect(bytes).toBeLessThan(100_000);
});

test('the script never reads text as markup', async () => {
  for (const script of (await scripts()).values()) {
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/u);
  }
});

test('what a script imports at once is asked for along with it, and what comes later is no part of the page', async () => {
  const all = await scripts();
  const atOnce = (await loadedAtOnce()).filter((path) => path.endsWith('.js'));
  for (const path of atOnce) {
    for (const [, name = ''] of all.get(path)?.matchAll(/\b(?:import|export)\b[^"'();]*["']([^"']+)["']/gu) ?? []) {
      expect(atOnce).toContain(new URL(name, `http://page${path}`).pathname);
    }
  }
  expect(all.size).toBeGreaterThan(atOnce.length);
});

test('a file whose name changes with it is kept for good, any other is asked for again', async () => {
  for (const path of (await scripts()).keys()) {
    const caching = (await load(path)).headers.get('cache-control');
    expect(caching).toBe(path.startsWith('/chunks/') ? 'public, max-age=31536000, immutable' : 'no-cache');
  }
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
