import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, type Locator, type Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { launch, type Launched } from '../support/launch.ts';
import { mostArrivals, type Person, signIn } from './chat-people.ts';
import { launchBrowser } from './launch-browser.ts';

const shared: { browser?: Browser; cluster?: Launched } = {};

beforeAll(async () => {
  shared.cluster = await launch(19_100, ['--shards', '3']);
  shared.browser = await launchBrowser();
}, 180_000);

afterAll(async () => {
  await shared.browser?.close();
  expect(await shared.cluster?.stop()).toBe(0);
}, 60_000);

async function setup(...names: readonly string[]): Promise<Person[]> {
  const { browser, cluster } = shared as Required<typeof shared>;
  return Promise.all(names.map((name) => signIn(browser, cluster.demo, name)));
}

interface TestFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const picture = (name: string, bytes: number): TestFile => ({
  ...{ name, mimeType: 'image/png' },
  buffer: Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(bytes - 8)]),
});
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function attach(page: Page, ...files: readonly TestFile[]): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach a file' }).click();
  await (await choosing).setFiles([...files]);
}

/** Makes the page send so many bytes in a second from then on; -1: as many as it can. */
async function paceOf(page: Page): Promise<(bytesPerSecond: number) => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  return async (bytesPerSecond) => {
    const conditions = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond };
    await session.send('Network.emulateNetworkConditions', conditions);
  };
}

async function save(page: Page, link: Locator): Promise<{ name: string; hash: string }> {
  const saving = page.waitForEvent('download');
  await link.click();
  const download = await saving;
  return { name: download.suggestedFilename(), hash: hashOf(await readFile(await download.path())) };
}

/** As a person does who drags a file there, or pastes one. */
async function give(page: Page, selector: string, type: 'drop' | 'paste', name: string): Promise<void> {
  await page.locator(selector).evaluate(
    (element, given) => {
      const data = new DataTransfer();
      data.items.add(new File(['some words'], given.name, { type: 'text/plain' }));
      const all = { bubbles: true, cancelable: true };
      const event =
        given.type === 'drop'
          ? new DragEvent('drop', { ...all, dataTransfer: data })
          : new ClipboardEvent('paste', { ...all, clipboardData: data });
      element.dispatchEvent(event);
    },
    { type, name },
  );
}

test('a file is sent to somebody who is away, with its progress, and is the same when they return', async () => {
  const [anna, bob] = (await setup('Anna', 'Bob')) as [Person, Person];
  const page = await anna.open('@Bob');
  const sendAt = await paceOf(page);
  // So slowly that its progress is seen whatever the machine does meanwhile.
  await sendAt(20_000);
  const file = picture('photo of the harbour.png', 600_000);
  await attach(page, file);

  const bar = page.getByRole('progressbar', { name: 'photo of the harbour.png, 600 KB, to Bob' });
  await eventually(async () => {
    const percent = await bar.evaluate((element) => (element as HTMLProgressElement).value);
    expect(percent).toBeGreaterThan(0);
    expect(percent).toBeLessThan(100);
  });
  await sendAt(-1);
  await page.locator('.message[data-state=offline]').getByRole('link', { name: 'photo of the harbour.png' }).waitFor();
  await bar.waitFor({ state: 'detached' });
  const news = page.getByTestId('uploads').getByRole('status');
  await eventually(async () =>
    expect(await news.textContent()).toBe('photo of the harbour.png, 600 KB was sent to Bob.'),
  );

  const bobs = await bob.open('@Anna');
  const link = bobs.getByRole('link', { name: 'photo of the harbour.png' });
  await link.waitFor();
  await bobs.locator('.message .waited:visible').waitFor();
  expect(await save(bobs, link)).toEqual({ name: 'photo of the harbour.png', hash: hashOf(file.buffer) });
  await page.locator('.message[data-state=read]').waitFor();
  // It is in the history of both, and the sender has it as well.
  for (const each of [page, bobs]) {
    await each.reload();
    await each.getByTestId('file').waitFor();
    expect(await each.getByTestId('file').count()).toBe(1);
  }
  expect(await save(page, page.getByTestId('file'))).toMatchObject({ hash: hashOf(file.buffer) });
  for (const { context } of [anna, bob]) await context.close();
}, 90_000);

test('somebody who is here sees that a file is coming, on whatever they look at, until it is there or given up', async () => {
  const [carl, dora] = (await setup('Carl', 'Dora')) as [Person, Person];
  const page = await carl.open('@Dora');
  const [doras, elsewhere] = [await dora.open('@Carl'), await dora.open('#Bridge')];
  await page.locator('[data-person=Dora][data-online=true]').waitFor();
  const sendAt = await paceOf(page);
  await sendAt(20_000);
  await attach(page, picture('first.png', 400_000), picture('second.png', 9_000_000));
  const sign = doras.getByTestId('typing');
  await sign.getByText('Carl is sending first.png, 400 KB').waitFor();
  await elsewhere.locator('[data-person=Carl] .detail', { hasText: 'sends a file' }).waitFor();
  // The first one is through soon, the second one not for half a minute.
  await sendAt(300_000);
  await doras.getByRole('link', { name: 'first.png' }).waitFor();
  await sign.getByText('Carl is sending second.png, 9 MB').waitFor();

  await page.getByRole('button', { name: 'Cancel second.png' }).click();
  await eventually(async () => expect(await page.getByTestId('upload').count()).toBe(0));
  await eventually(async () => expect(await sign.textContent()).toBe(''));
  await elsewhere.locator('[data-person=Carl] .detail', { hasText: 'online' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('text');
  expect(await doras.getByTestId('file').count()).toBe(1);
  for (const { context } of [carl, dora]) await context.close();
}, 90_000);

test('a file is dropped or pasted as well; whatever it is called is shown as text', async () => {
  const [eve, fred] = (await setup('Eve', '<i>Fred</i>')) as [Person, Person];
  const page = await eve.open('@<i>Fred</i>');
  const freds = await fred.open('@Eve');
  const hostile = '<img src=x onerror="document.title=666">\u202e.html';
  await give(page, '#messages', 'drop', hostile);
  const shown = '<img src=x onerror="document.title=666">.html';
  await freds.locator('.file .text', { hasText: shown }).waitFor();
  await give(page, '#text', 'paste', 'pasted.txt');
  await freds.locator('.file .text', { hasText: 'pasted.txt' }).waitFor();
  for (const each of [page, freds]) {
    expect(await each.locator('.file .text').allTextContents()).toEqual([shown, 'pasted.txt']);
    expect(await each.locator('#messages img, .uploads img').count()).toBe(0);
    expect(await each.title()).not.toContain('666');
  }
  // Saved, it is what it was sent as: a text.
  expect((await save(freds, freds.getByTestId('file').first())).name).toMatch(/\.html\.txt$/u);
  // In a channel nobody attaches anything, and a file that is dropped there does not take the page's place.
  await page.goto(`${(shared as Required<typeof shared>).cluster.demo}/#channel/Lobby`);
  await page.locator('#message-form').waitFor();
  expect(await page.locator('#attach').isVisible()).toBe(false);
  await give(page, '#messages', 'drop', 'lost.txt');
  expect(await page.getByTestId('upload').count()).toBe(0);
  for (const { context } of [eve, fred]) await context.close();
}, 90_000);

test('what is not accepted is said in a sentence, before it is sent; on a narrow screen everything has its place', async () => {
  const [gina] = (await setup('Gina')) as [Person];
  const page = await gina.open('@Hugo');
  await page.setViewportSize({ width: 360, height: 640 });
  const asked: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && asked.push(request.url()));
  const name = `${'a very long name '.repeat(5)}.html`;
  await attach(
    page,
    { name, mimeType: 'text/html', buffer: Buffer.from('<p>') },
    { name: 'huge.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(25_000_001) },
    { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    { name: 'fake.png', mimeType: 'image/png', buffer: Buffer.from('hello') },
  );
  const failed = page.locator('[data-testid=upload][data-state=failed]');
  await eventually(async () => expect(await failed.count()).toBe(4));
  expect(await failed.locator('.hint').allTextContents()).toEqual([
    expect.stringContaining('Web pages'),
    'This file is too large: 25 MB is the most.',
    'This file is empty.',
    'This file is not what it is said to be (image/png).',
  ]);
  expect(asked.filter((url) => url.includes('/api/files'))).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await page.locator('#text').evaluate((element) => element.clientWidth)).toBeGreaterThan(150);
  for (let left = 4; left > 0; left -= 1) {
    await failed.first().getByRole('button', { name: 'Close' }).click();
    await eventually(async () => expect(await failed.count()).toBe(left - 1));
  }
  await gina.context.close();
}, 90_000);

test('a file that is gone is said to be', async () => {
  const [ida] = (await setup('Ida')) as [Person];
  const page = await ida.open('@Ida');
  await attach(page, picture('soon gone.png', 1_000));
  const link = page.getByRole('link', { name: 'soon gone.png' });
  await link.waitFor();
  await link.evaluate((element) => ((element as HTMLAnchorElement).href = `/api/files/${'x'.repeat(43)}`));
  await link.click();
  await page.getByTestId('notice').getByText('This file is gone: files are kept for 2 days.').waitFor();
  expect(page.url()).toContain('#person/Ida');
  await ida.context.close();
}, 60_000);

test('while the cluster scales and a shard is killed each file arrives once', async () => {
  const { cluster } = shared as Required<typeof shared>;
  const [jana, karl] = (await setup('Jana', 'Karl')) as [Person, Person];
  const [janas, karls] = [await jana.open('@Karl'), await karl.open('@Jana')];
  const state = { isOver: false, sent: 0 };
  const sending = (async () => {
    // Some at least, however slowly they go.
    while (!state.isOver || state.sent < 4) {
      state.sent += 1;
      await attach(janas, picture(`picture ${String(state.sent)}.png`, 20_000));
      await eventually(async () => expect(await janas.getByTestId('upload').count()).toBe(0), 60_000);
      await janas.waitForTimeout(200);
    }
  })();
  await cluster.control('scale', 5);
  await cluster.control('kill', 1);
  await cluster.control('scale', 2);
  state.isOver = true;
  await sending;
  expect(state.sent).toBeGreaterThan(3);
  const names = Array.from({ length: state.sent }, (_, i) => `picture ${String(i + 1)}.png`);
  for (const page of [janas, karls]) {
    await eventually(async () => expect(await page.locator('.file .text').allTextContents()).toEqual(names), 45_000);
    expect(await mostArrivals(page)).toBe(1);
  }
  for (const { context } of [jana, karl]) await context.close();
}, 180_000);
