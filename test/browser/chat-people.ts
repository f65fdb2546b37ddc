import type { Browser, BrowserContext, Page } from 'playwright-core';

/** Somebody at the demo, with as many pages as they open. */
export interface Person {
  readonly name: string;
  readonly context: BrowserContext;
  /** A page on a channel (`#name`) or on a conversation with somebody (`@name`). */
  open(conversation: string): Promise<Page>;
}

/** Signs somebody in. */
export async function signIn(browser: Browser, demo: string, name: string): Promise<Person> {
  const context = await browser.newContext();
  const answer = await context.request.post(`${demo}/api/session`, { data: { name } });
  if (!answer.ok()) throw new Error(`${name} could not sign in: ${String(answer.status())}`);
  return {
    name,
    context,
    async open(conversation) {
      const page = await context.newPage();
      await page.goto(demo);
      await page.locator('#state[data-state=connected]').waitFor();
      const kind = conversation.startsWith('#') ? 'channel' : 'person';
      await page.locator(`#${kind}-name`).fill(conversation.slice(1));
      await page.locator(`#${kind}-form button`).click();
      await page.locator('#message-form').waitFor();
      return page;
    },
  };
}

/** Has the page write `<prefix> 1`, `<prefix> 2`, … through its own form until `stop`, which resolves to how many. */
export async function keepWriting(page: Page, prefix: string): Promise<{ stop: () => Promise<number> }> {
  await page.evaluate((text) => {
    const field = document.querySelector<HTMLInputElement>('#text');
    const form = document.querySelector<HTMLFormElement>('#message-form');
    const writing = { count: 0, timer: 0 };
    writing.timer = window.setInterval(() => {
      writing.count += 1;
      if (field) field.value = `${text} ${String(writing.count)}`;
      form?.requestSubmit();
    }, 60);
    Object.assign(window, { writing });
  }, prefix);
  return {
    stop: () =>
      page.evaluate(() => {
        const { writing } = window as unknown as { writing: { count: number; timer: number } };
        clearInterval(writing.timer);
        return writing.count;
      }),
  };
}

/** Every text the page shows of one sender, from top to bottom. */
export function textsFrom(page: Page, name: string): Promise<string[]> {
  return page
    .locator('.message')
    .evaluateAll(
      (items, sender) =>
        items
          .filter((item) => (item as HTMLElement).dataset['from'] === sender)
          .map((item) => item.querySelector('.text')?.textContent ?? ''),
      name,
    );
}

/** Every text the page shows, from top to bottom. */
export function allTexts(page: Page): Promise<string[]> {
  return page.locator('.message .text').allTextContents();
}

/** `<prefix> 1` to `<prefix> count`. */
export function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix} ${String(i + 1)}`);
}

/** How often the connection brought the message that it brought most often; the page itself would hide a double. */
export async function mostArrivals(page: Page): Promise<number> {
  const arrivals = await page
    .locator('.message')
    .evaluateAll((items) => items.map((item) => Number((item as HTMLElement).dataset['arrivals'])));
  return Math.max(...arrivals);
}
