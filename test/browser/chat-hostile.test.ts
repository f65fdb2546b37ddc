import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { type DemoHarness, startTestDemo } from '../integration/demo/demo-harness.ts';
import { eventually } from '../support/eventually.ts';
import { launchBrowser } from './launch-browser.ts';
import { allTexts } from './chat-people.ts';
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
  const demo = harness.demo().url;
  return { demo, people: await Promise.all(names.map((name) => openDemo(browser, demo, { name }))) };
}

/** As long as names may be, and as bad. */
const NAMES = ['<img src=x onerror=alert(1)>', '"\'><svg/onload=alert(2)>', 'דנה לוי'];
const TEXTS = [
  '<img src=x onerror="document.title=\'owned\'"><script>alert(3)</script>',
  'javascript:alert(4) https://example.org/"onmouseover="alert(5)',
  '\u202eelpmaxe.exe\u202c and \u2066what\u2069 follows',
  `Z${'\u0337\u0336\u0335\u0334'.repeat(200)}algo`,
  'W'.repeat(4_000),
  '&lt;b&gt; {{7*7}} ${7*7} %00',
];

test('whatever people call themselves and write is shown as text, on every part of the page', async () => {
  const { people } = await setup(...NAMES);
  const [one, two, three] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
  await one.page.locator('#channel-name').fill('<b onclick=alert(6)>channel</b>');
  await one.page.keyboard.press('Enter');
  await one.page.locator('#message-form').waitFor();
  for (const { page } of [two, three]) {
    await page.locator('[data-channel="<b onclick=alert(6)>channel</b>"] a').click();
    await page.locator('#join').click();
    await page.locator('#message-form').waitFor();
  }
  for (const text of TEXTS) await write(one.page, text);
  for (const { page } of people) await eventually(async () => expect(await allTexts(page)).toEqual(TEXTS));
  for (const { page } of [two, three]) {
    expect(await page.locator('.message .from').first().textContent()).toBe(NAMES[0]);
    expect(await page.getByTestId('title').textContent()).toBe('# <b onclick=alert(6)>channel</b>');
    await page.locator('#show-members').click();
    await eventually(async () =>
      expect((await page.locator('#members .name').allTextContents()).sort()).toEqual([...NAMES].sort()),
    );
    await page.keyboard.press('Escape');
  }
  await goTo(one.page, `@${NAMES[1] ?? ''}`);
  await two.page.locator('#text').fill('');
  await goTo(two.page, `@${NAMES[0] ?? ''}`);
  await two.page.locator('#text').pressSequentially('x');
  await one.page
    .getByTestId('typing')
    .getByText(`${NAMES[1] ?? ''} is typing …`)
    .waitFor();
  await one.page.locator('#dial-audio').click();
  await two.page
    .getByTestId('call-sentence')
    .getByText(`${NAMES[0] ?? ''} calls you.`)
    .waitFor();
  await eventually(async () => expect(await two.page.title()).toBe(`☎ ${NAMES[0] ?? ''} calls`));
  for (const { page, problems, context } of people) {
    const made = page.locator('#chat, .call').locator('img[src="x"], script, svg[onload], b, [onclick], [onerror]');
    expect(await made.count()).toBe(0);
    expect(problems).toEqual([]);
    await context.close();
  }
}, 120_000);

test('a name that shows as something else, and a text above the limit, are refused in a sentence', async () => {
  const { demo, people } = await setup('Honest');
  const [{ page, context }] = people as [(typeof people)[0]];
  for (const name of ['\u202eanna', 'an\u200bna', 'W'.repeat(41), 'a\u0000b']) {
    const answer = await context.request.post(`${demo}/api/session`, { data: { name } });
    expect(answer.status()).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'bad_name', message: expect.stringContaining('visible') });
  }
  for (const length of [4_001, 1_000_000]) {
    const data = { channel: 'Lobby', key: `key-${String(length)}`, text: 'W'.repeat(length) };
    const answer = await context.request.post(`${demo}/api/messages`, { data });
    expect([400, 413]).toContain(answer.status());
  }
  // The page does not take more than may be sent.
  await goTo(page, '#Lobby');
  await page.locator('#text').focus();
  await page.keyboard.insertText('W'.repeat(1_000_000));
  expect(await page.locator('#text').inputValue()).toHaveLength(4_000);
  await page.keyboard.press('Enter');
  await eventually(async () => expect((await allTexts(page)).map(({ length }) => length)).toEqual([4_000]));
  await context.close();
}, 60_000);
