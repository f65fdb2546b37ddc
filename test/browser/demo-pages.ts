import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** A page of somebody who is signed in, with what went wrong on it. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts, of the console (a break of the content security policy is one), and dialogs that nobody should open. */
  readonly problems: readonly string[];
}

/** What may be said of the page before it is loaded. */
export interface OpenOptions extends BrowserContextOptions {
  /** Runs in the page before its own script does. */
  readonly before?: () => void;
  /** Default: signed out. */
  readonly name?: string;
}

/** Opens the demo's page in a context of its own. */
export async function openDemo(browser: Browser, demo: string, options: OpenOptions = {}): Promise<WatchedPage> {
  const { before, name, ...contextOptions } = options;
  const context = await browser.newContext(contextOptions);
  if (before !== undefined) await context.addInitScript(before);
  if (name !== undefined) {
    const answer = await context.request.post(`${demo}/api/session`, { data: { name } });
    if (!answer.ok()) throw new Error(`${name} could not sign in: ${String(answer.status())}`);
  }
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    // An answer that is no success is none of the page's faults.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load')) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', (dialog) => {
    problems.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(demo);
  await page.locator(name === undefined ? '#name' : '#state[data-state=connected]').waitFor();
  return { page, context, problems };
}

/** Opens a conversation by its address: `#name` for a channel, `@name` for a person. */
export async function goTo(page: Page, conversation: string): Promise<void> {
  const kind = conversation.startsWith('#') ? 'channel' : 'person';
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    `${kind}/${encodeURIComponent(conversation.slice(1))}`,
  );
  await page.locator('#message-form').waitFor();
}

/** Writes through the page's own form, as a person does. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('#text').fill(text);
  await page.locator('#text').press('Enter');
}
