import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { type DemoHarness, startTestDemo } from '../integration/demo/demo-harness.ts';
import { eventually } from '../support/eventually.ts';
import { launchBrowser } from './launch-browser.ts';
import { allTexts, mostArrivals, numbered } from './chat-people.ts';
import { goTo, openDemo, write } from './demo-pages.ts';

const shared: { browser?: Browser; harness?: DemoHarness } = {};

beforeAll(async () => {
  shared.harness = await startTestDemo();
  shared.browser = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await shared.browser?.close();
  await shared.harness?.close();
}, 60_000);

async function setup(...names: readonly string[]) {
  const { browser, harness } = shared as Required<typeof shared>;
  const people = await Promise.all(names.map((name) => openDemo(browser, harness.demo().url, { name })));
  return { harness, pages: people.map(({ page }) => page) };
}

test('what is written while the service is gone arrives once and in order when it is back, and is shown as on its way', async () => {
  const { harness, pages } = await setup('Anna', 'Bob');
  const [annas, bobs] = pages as [(typeof pages)[0], (typeof pages)[0]];
  await goTo(annas, '@Bob');
  await goTo(bobs, '@Anna');
  await write(annas, 'word 1');
  await bobs.getByText('word 1').waitFor();
  await harness.restart(async () => {
    for (const text of numbered('word', 4).slice(1)) await write(annas, text);
    await eventually(async () => expect(await annas.locator('.message[data-state=sending]').count()).toBe(3));
    // What is connected stays so: the shards do not need the service.
    expect(await annas.locator('#state').textContent()).toBe('Connected');
    // Somebody else opens a page meanwhile, and stays signed in.
    await expect(bobs.reload()).rejects.toThrow();
  });
  await bobs.goto(harness.demo().url);
  await goTo(bobs, '@Anna');
  for (const page of [annas, bobs]) {
    await eventually(async () => expect(await allTexts(page)).toEqual(numbered('word', 4)), 45_000);
    expect(await mostArrivals(page)).toBeLessThanOrEqual(1);
  }
  await eventually(async () => expect(await annas.locator('.message[data-state=read]').count()).toBe(4), 30_000);
  for (const page of pages) await page.context().close();
}, 120_000);
