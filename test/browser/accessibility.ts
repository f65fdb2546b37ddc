import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds on a page as it stands, a line each: the rule, what it asks for, and where. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() => {
    const { axe: onPage } = window as unknown as { axe: typeof axe };
    return onPage.run(document, { resultTypes: ['violations'] });
  });
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} (${target.join(' ')})`));
}

/** What axe finds in each look that a page may have: on a desk and on a phone, light and dark. */
export async function findingsInEachLook(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(`${axe.source}\n;0`);
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      for (const finding of await findings(page)) found.push(`${String(width)} wide, ${colorScheme}: ${finding}`);
    }
  }
  return found;
}
