import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds on a page as it stands, a line each: the rule, what it asks for, and where. @param rules - default: all */
async function findings(page: Page, rules?: readonly string[]): Promise<string[]> {
  const { violations } = await page.evaluate(
    (runOnly) => {
      const { axe: onPage } = window as unknown as { axe: typeof axe };
      return onPage.run(document, { resultTypes: ['violations'], ...(runOnly === null ? {} : { runOnly }) });
    },
    rules === undefined ? null : [...rules],
  );
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} (${target.join(' ')})`));
}

/** What axe finds in each look that a page may have: on a desk and on a phone, light and dark, where only colours can differ. */
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
      const rules = colorScheme === 'dark' ? ['color-contrast'] : undefined;
      for (const finding of await findings(page, rules))
        found.push(`${String(width)} wide, ${colorScheme}: ${finding}`);
    }
  }
  return found;
}
