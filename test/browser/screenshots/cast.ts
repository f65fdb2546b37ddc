import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { goTo, openDemo } from '../demo-pages.ts';
import { giveCamera, type Look } from './camera.ts';

/** Those who talk in the pictures, of a forwarding company at a harbour. */
export const CAST = Object.freeze({
  mara: 'Mara Lindqvist',
  jonas: 'Jonas Weber',
  priya: 'Priya Nair',
  tomas: 'Tomás Silva',
});

/** How those who call each other look. */
export const LOOKS: Readonly<Record<'mara' | 'jonas', Look>> = Object.freeze({
  mara: {
    ...{ wall: '#dfe9ec', floor: '#a9c1c6', skin: '#e8b796', hair: '#7b4a2d' },
    ...{ shirt: '#2f6f73', hasLongHair: true },
  },
  jonas: {
    ...{ wall: '#f3e6d3', floor: '#d0b48f', skin: '#f0c5a3', hair: '#33291f' },
    ...{ shirt: '#35507a', hasLongHair: false },
  },
});

/** A screen, a little finer than the picture is shown. */
export const DESK: BrowserContextOptions = Object.freeze({
  viewport: { width: 1_150, height: 720 },
  deviceScaleFactor: 1.2,
  locale: 'en-GB',
});

/** A phone. */
export const PHONE: BrowserContextOptions = Object.freeze({
  ...{ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, locale: 'en-GB' },
  ...{ isMobile: true, hasTouch: true },
});

/** Opens somebody's page on a conversation: `#name` for a channel, `@name` for a person. */
export async function open(
  browser: Browser,
  demo: string,
  name: string,
  conversation: string,
  screen: BrowserContextOptions = DESK,
): Promise<Page> {
  const { page } = await openDemo(browser, demo, { ...screen, name });
  await goTo(page, conversation);
  return page;
}

/** The same with a camera. */
export async function openWithCamera(
  browser: Browser,
  demo: string,
  who: 'mara' | 'jonas',
  conversation: string,
): Promise<Page> {
  const page = await open(browser, demo, CAST[who], conversation);
  await giveCamera(page, LOOKS[who]);
  return page;
}

/** Makes somebody a member of a channel. */
export async function join(page: Page, demo: string, channel: string): Promise<void> {
  await page.context().request.post(`${demo}/api/channels/join`, { data: { channel } });
}

/** Opens a conversation from the lists. */
export async function show(page: Page, kind: 'channel' | 'person', name: string): Promise<void> {
  await page.locator(`[data-${kind}="${name}"] a`).click();
  await page.locator('#message-form').waitFor();
}
