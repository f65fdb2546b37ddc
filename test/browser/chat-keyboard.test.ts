import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type DemoHarness, startTestDemo } from '../integration/demo/demo-harness.ts';
import { eventually } from '../support/eventually.ts';
import { callOf } from './call-pages.ts';
import { goTo, openDemo, write } from './demo-pages.ts';
import { launchBrowser } from './launch-browser.ts';

const shared: { browser?: Browser; harness?: DemoHarness } = {};

beforeAll(async () => {
  shared.harness = await startTestDemo();
  shared.browser = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await shared.browser?.close();
  await shared.harness?.close();
}, 60_000);

/** Somebody who is signed in, or about to be. */
async function setup(name?: string, options: { readonly isPhone?: boolean } = {}) {
  const { browser, harness } = shared as Required<typeof shared>;
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  return openDemo(browser, harness.demo().url, {
    ...(name !== undefined && { name }),
    ...(options.isPhone === true && phone),
  });
}

/** What has the focus: its id, or its test id, or its text. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (element === null || element === document.body) return 'nothing';
    return element.id || element.dataset['testid'] || (element.ariaLabel ?? element.innerText);
  });
}

const focusIs = (page: Page, name: string): Promise<void> =>
  eventually(async () => expect(await focused(page)).toBe(name));

/** Goes through the page with the Tab key, until it leaves it or begins anew. */
async function stops(page: Page): Promise<{ name: string; isSeen: boolean; hasSign: boolean }[]> {
  const found: { name: string; isSeen: boolean; hasSign: boolean }[] = [];
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    const name = await focused(page);
    if (name === 'nothing' || name === found[0]?.name) return found;
    const look = await page.evaluate(() => {
      const element = document.activeElement ?? document.body;
      const { width, height, left, top } = element.getBoundingClientRect();
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const isInside = left < innerWidth && top < innerHeight && left + width > 0 && top + height > 0;
      return {
        isSeen: isInside && width > 8 && height > 8,
        hasSign: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
      };
    });
    found.push({ name, ...look });
  }
  return found;
}

test('signing in, opening a channel, writing there and looking at its members need no mouse', async () => {
  const { page, context } = await setup();
  await focusIs(page, 'name');
  await page.keyboard.type('Anna');
  await page.keyboard.press('Enter');
  await page.locator('[data-channel=Lobby] a').waitFor();
  // The page and not what is gone.
  await focusIs(page, 'chat');
  const atFirst = await stops(page);
  expect(atFirst.filter(({ isSeen, hasSign }) => !isSeen || !hasSign)).toEqual([]);
  expect(atFirst.map(({ name }) => name)).toEqual([
    ...['fleet-toggle', 'sign-out', expect.stringContaining('Lobby')],
    ...['channel-name', 'channel-submit', 'person-name', 'Write to this person'],
  ]);

  await page.locator('[data-channel=Lobby] a').focus();
  await page.keyboard.press('Enter');
  await focusIs(page, 'text');
  await page.keyboard.type('Good morning');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('everybody');
  await page.keyboard.press('Enter');
  await eventually(async () =>
    expect(await page.locator('.message .text').textContent()).toBe('Good morning\neverybody'),
  );
  await focusIs(page, 'text');
  await page.locator('#chat').focus();
  const inside = await stops(page);
  expect(inside.filter(({ isSeen, hasSign }) => !isSeen || !hasSign)).toEqual([]);
  expect(inside.map(({ name }) => name)).toEqual(expect.arrayContaining(['show-members', 'leave', 'messages', 'text']));

  await page.locator('#show-members').focus();
  await page.keyboard.press('Enter');
  await focusIs(page, 'members-close');
  // It keeps the focus while it is open.
  await page.keyboard.press('Tab');
  expect(['members-close', 'nothing']).toContain(await focused(page));
  await page.keyboard.press('Escape');
  await focusIs(page, 'show-members');
  expect(await page.locator('#members-dialog').isVisible()).toBe(false);
  await context.close();
}, 120_000);

test('on a phone a conversation opens without a keyboard in front of it, and the way back leads to where one was', async () => {
  const { page, context } = await setup('Beth', { isPhone: true });
  await page.locator('[data-channel=Lobby] a').tap();
  await focusIs(page, 'title');
  expect(await page.locator('.sidebar').isVisible()).toBe(false);
  await page.locator('#back').tap();
  await eventually(async () => expect(await focused(page)).toContain('Lobby'));
  expect(await page.locator('#conversation').isVisible()).toBe(false);
  // Somebody who is no member has nowhere to write.
  await page.evaluate(() => {
    location.hash = 'channel/Elsewhere';
  });
  await focusIs(page, 'join');
  await context.close();
}, 60_000);

test('a call is made, answered and ended by keys; the focus returns, and meanwhile nobody else can be called', async () => {
  const [carl, dora] = [await setup('Carl'), await setup('Dora')];
  await goTo(carl.page, '@Dora');
  await goTo(dora.page, '@Carl');
  await dora.page.locator('#text').focus();
  const dials: string[] = [];
  carl.page.on('request', (request) => request.url().endsWith('/dial') && dials.push(request.url()));
  const buttons = [carl.page.locator('#dial-video'), carl.page.locator('#dial-audio')];
  for (const button of buttons) expect(await button.getAttribute('aria-disabled')).toBe('false');
  await carl.page.locator('#dial-audio').focus();
  await carl.page.keyboard.press('Enter');
  await callOf(carl.page, 'dialling').waitFor();
  await focusIs(carl.page, 'call-hang-up');

  await callOf(dora.page, 'ringing').waitFor();
  await focusIs(dora.page, 'call-accept');
  expect(await dora.page.getByRole('dialog', { name: 'Carl' }).getAttribute('aria-describedby')).toBe('call-sentence');
  for (const button of buttons) {
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.getAttribute('title')).toBe('You are in a call');
    await button.dispatchEvent('click');
  }
  // A key that was pressed just when it began to ring answers nobody, and one that is pressed once more refuses nobody.
  await eventually(async () => {
    await dora.page.keyboard.press('Enter');
    expect(await focused(dora.page)).not.toBe('call-accept');
  });
  await callOf(dora.page, 'talking').waitFor();
  await callOf(carl.page, 'talking').waitFor();
  expect(await dora.page.locator('#dial-video').getAttribute('aria-disabled')).toBe('true');
  expect(dials).toHaveLength(1);

  await dora.page.getByTestId('call-hang-up').focus();
  await dora.page.keyboard.press('Enter');
  await focusIs(dora.page, 'call-close');
  await dora.page.keyboard.press('Enter');
  await focusIs(dora.page, 'text');
  await callOf(carl.page, 'over').waitFor();
  await carl.page.getByTestId('call-close').focus();
  await carl.page.keyboard.press('Escape');
  await focusIs(carl.page, 'dial-audio');
  for (const button of buttons) expect(await button.getAttribute('aria-disabled')).toBe('false');
  for (const { context, problems } of [carl, dora]) {
    expect(problems).toEqual([]);
    await context.close();
  }
}, 120_000);

test('what happens is said: what is written here, what is unread elsewhere, and how the connection stands', async () => {
  const [emil, fay] = [await setup('Emil'), await setup('Fay')];
  await goTo(emil.page, '@Fay');
  await goTo(fay.page, '#Lobby');
  const log = fay.page.getByRole('log', { name: 'Messages' });
  expect(await log.getAttribute('aria-live')).toBe('polite');
  const unread = fay.page.getByTestId('unread-news');
  expect(await unread.getAttribute('role')).toBe('status');
  await write(emil.page, 'Are you there?');
  await eventually(async () => expect(await unread.textContent()).toBe('1 unread'));
  await goTo(fay.page, '@Emil');
  await eventually(async () => expect(await unread.textContent()).toBe(''));
  // A conversation that was just opened is not read out from its beginning, and what comes then is.
  await write(emil.page, 'Good.');
  await log.getByText('Good.').waitFor();
  expect(await log.getAttribute('aria-busy')).toBe('false');
  const state = fay.page.locator('#state');
  expect([await state.getAttribute('role'), await state.textContent()]).toEqual(['status', 'Connected']);
  for (const { context } of [emil, fay]) await context.close();
}, 60_000);
