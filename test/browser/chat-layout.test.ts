import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type DemoHarness, startTestDemo } from '../integration/demo/demo-harness.ts';
import { eventually } from '../support/eventually.ts';
import { launchBrowser } from './launch-browser.ts';
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

/** Somebody whose page notes what jumps. */
async function setup(name?: string, width = 1_280) {
  const { browser, harness } = shared as Required<typeof shared>;
  return openDemo(browser, harness.demo().url, {
    viewport: { width, height: 844 },
    before: keepJumps,
    ...(name !== undefined && { name }),
  });
}

/** Notes what the browser itself calls a layout shift, also within half a second of a key: here nothing is to jump at all. */
function keepJumps(): void {
  interface Shift extends PerformanceEntry {
    readonly sources: readonly { readonly node: Node | null }[];
  }
  const jumps: string[] = [];
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries() as Shift[]) {
      for (const { node } of sources) {
        const { id = '', className = '' } = (node ?? {}) as Partial<Element>;
        jumps.push(`${node?.nodeName ?? 'gone'} ${id} ${className}`);
      }
    }
  }).observe({ type: 'layout-shift', buffered: true });
  Object.assign(window, { jumps });
}

/** What has jumped until now: entries come a frame later. */
function jumps(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return (window as unknown as { jumps: string[] }).jumps;
  });
}

/** Resolves once so many others are online: whoever an earlier test left behind goes offline in a while, and the list of people moves then. */
async function othersOnline(page: Page, expected: number): Promise<void> {
  await page.locator('#lists[data-known=true]').waitFor();
  const online = page.locator('[data-person][data-online=true]');
  await eventually(async () => expect(await online.count()).toBe(expected), 20_000);
}

test.each([1_280, 390])(
  'nothing jumps while somebody signs in, %i wide',
  async (width) => {
    const other = await setup(`Other ${String(width)}`);
    await othersOnline(other.page, 0);
    const { page, context } = await setup(undefined, width);
    await page.locator('#name').fill(`Anna ${String(width)}`);
    await page.keyboard.press('Enter');
    await page.locator('#state[data-state=connected]').waitFor();
    await page.locator(`[data-person="Other ${String(width)}"][data-online=true]`).waitFor();
    await page.locator('#fleet-summary').getByText('shards').waitFor();
    expect(await jumps(page)).toEqual([]);
    // What was open opens again, and does not say meanwhile that one is no member, or that nobody is there.
    await goTo(page, '#Lobby');
    await page.reload();
    await page.locator('#subtitle').getByText('member').waitFor();
    await page.locator('#state[data-state=connected]').waitFor({ state: 'attached' });
    expect(await jumps(page)).toEqual([]);
    for (const each of [context, other.context]) await each.close();
  },
  60_000,
);

test('nothing jumps when messages and signs of typing arrive, be there few messages or many', async () => {
  const [bob, cleo] = [await setup('Bob'), await setup('Cleo')];
  await goTo(bob.page, '@Cleo');
  await goTo(cleo.page, '@Bob');
  await write(cleo.page, 'one');
  await bob.page.getByText('one', { exact: true }).waitFor();
  await othersOnline(bob.page, 1);
  const before = await jumps(bob.page);
  await cleo.page.locator('#text').pressSequentially('two');
  await bob.page.getByTestId('typing').getByText('Cleo is typing').waitFor();
  await cleo.page.keyboard.press('Enter');
  for (let i = 3; i < 30; i += 1) await write(cleo.page, `message ${String(i)}`);
  await bob.page.getByText('message 29').waitFor();
  const last = await bob.page.getByText('message 29').boundingBox();
  expect(last?.y).toBeLessThan(844);
  expect((await jumps(bob.page)).slice(before.length)).toEqual([]);
  for (const { context } of [bob, cleo]) await context.close();
}, 60_000);

/** Wider than the page, or scrolling sideways within it. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      if (!element.checkVisibility()) continue;
      const scrolls = ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);
      if (scrolls && element.scrollWidth > element.clientWidth + 1) found.push(element.id || element.className);
    }
    return found;
  });
}

test.each([390, 320])(
  'nothing is wider than a phone of %i pixels, however long the words are',
  async (width) => {
    const word = 'W'.repeat(40 - String(width).length) + String(width);
    const [long, reader] = [await setup(word), await setup(`Reader ${String(width)}`, width)];
    const { page } = reader;
    const expectFits = async (): Promise<void> => expect(await tooWide(page)).toEqual([]);
    await expectFits();
    await page.locator(`[data-person=${word}]`).waitFor();
    await expectFits();
    await long.page.locator('#channel-name').fill(word);
    await long.page.keyboard.press('Enter');
    await long.page.locator('#message-form').waitFor();
    await page.locator(`[data-channel=${word}]`).waitFor();
    await page.locator(`[data-channel=${word}] a`).click();
    await page.locator('#join').waitFor();
    await expectFits();
    await page.locator('#join').click();
    await write(long.page, 'W'.repeat(4_000));
    await page.locator('.message .from').getByText(word).waitFor();
    await expectFits();
    await page.locator('#show-members').click();
    await page.getByTestId('member').nth(1).waitFor();
    await expectFits();
    await page.keyboard.press('Escape');
    await goTo(page, `@${word}`);
    await goTo(long.page, `@Reader ${String(width)}`);
    await long.page.locator('#text').pressSequentially('W');
    await page.getByTestId('typing').getByText('is typing').waitFor();
    await expectFits();
    await page.getByTestId('fleet-strip').click();
    await page.getByTestId('fleet-shard').first().waitFor();
    await expectFits();
    await page.getByTestId('fleet-strip').click();
    await long.page.locator('#dial-audio').click();
    await page.getByTestId('call-accept').waitFor();
    await expectFits();
    await page.getByTestId('call-refuse').click();
    await eventually(async () => expect(await page.getByTestId('call').getAttribute('data-state')).toBe('over'));
    await expectFits();
    expect(reader.problems).toEqual([]);
    for (const { context } of [long, reader]) await context.close();
  },
  90_000,
);
