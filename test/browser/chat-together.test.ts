import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { launch, type Launched } from '../support/launch.ts';
import { allTexts, numbered, type Person, signIn } from './chat-people.ts';
import { launchBrowser } from './launch-browser.ts';

const shared: { browser?: Browser; cluster?: Launched } = {};

beforeAll(async () => {
  shared.cluster = await launch(18_700, ['--shards', '2']);
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

test('one sees that the other is typing until the words are there, and that they were read once they were looked at', async () => {
  const [uma, vera] = (await setup('Uma', 'Vera')) as [Person, Person];
  const umas = await uma.open('@Vera');
  const veras = await vera.open('#Bridge');
  await umas.locator('[data-person=Vera][data-online=true]').waitFor();

  await umas.locator('#text').pressSequentially('hello');
  await veras.locator('[data-person=Uma] .detail', { hasText: 'typing' }).waitFor();
  await umas.keyboard.press('Enter');
  await umas.locator('.message[data-state=delivered]').waitFor();
  // It was delivered to Vera, who looks at something else.
  await veras.locator('[data-person=Uma][data-unread="1"]').waitFor();
  await veras.locator('[data-person=Uma] .detail', { hasText: 'online' }).waitFor();

  await veras.locator('[data-person=Uma] a').click();
  await umas.locator('.message[data-state=read]').waitFor();
  expect(await umas.locator('.message .status').textContent()).toBe('Read');
  await veras.locator('#text').pressSequentially('hi');
  await eventually(async () => expect(await umas.getByTestId('typing').textContent()).toBe('Vera is typing …'));
  // Who stops typing is seen to have stopped.
  await eventually(async () => expect(await umas.getByTestId('typing').textContent()).toBe(''), 30_000);

  // The page knows it after a reload, and another page of the reader has nothing unread.
  await umas.reload();
  await umas.locator('.message[data-state=read]').waitFor();
  const another = await vera.open('#Bridge');
  expect(await another.locator('[data-person=Uma]').getAttribute('data-unread')).toBe('0');
  await uma.context.close();
  await vera.context.close();
}, 90_000);

test('who created a channel puts somebody out, whose page says so on each of their pages; they may come again', async () => {
  const [walt, xenia] = (await setup('Walt', '<i>Xenia</i>')) as [Person, Person];
  const walts = await walt.open('#Keel');
  const pages = [await xenia.open('#Keel'), await xenia.open('#Keel')];
  await pages[0]?.locator('#show-members').click();
  expect(await pages[0]?.locator('.put-out').count()).toBe(0);
  await pages[0]?.keyboard.press('Escape');

  await walts.locator('#show-members').click();
  await walts.getByRole('button', { name: 'Put out <i>Xenia</i>' }).click();
  for (const page of pages) {
    await page.getByTestId('outside').getByText('Walt put you out of').waitFor();
    expect(await page.locator('#message-form').isVisible()).toBe(false);
  }
  await eventually(async () => expect(await walts.getByTestId('member').count()).toBe(1));
  await walts.keyboard.press('Escape');
  await walts.locator('[data-channel=Keel][data-members="1"]').waitFor();

  await pages[0]?.locator('#join').click();
  await pages[0]?.locator('#message-form').waitFor();
  await walts.locator('[data-channel=Keel][data-members="2"]').waitFor();
  await walt.context.close();
  await xenia.context.close();
}, 90_000);

test('a notice reaches everybody at once, whatever they look at, is shown as such, and is kept', async () => {
  const [yann, zora] = (await setup('Yann', 'Zora')) as [Person, Person];
  const yanns = await yann.open('#Mast');
  const zoras = await zora.open('@Yann');
  await yanns.getByTestId('notices').locator('a').click();
  await yanns.getByTestId('notices').locator('a[aria-current]').waitFor();
  await yanns.locator('#text').fill('Land in <b>sight</b>');
  await yanns.keyboard.press('Enter');
  const banner = zoras.getByTestId('broadcast');
  await banner.getByText('Land in <b>sight</b>').waitFor();
  expect(await banner.getByRole('strong').textContent()).toBe('Yann');
  await banner.getByRole('button', { name: 'Close the notice' }).click();
  expect(await banner.isVisible()).toBe(false);
  await zoras.getByTestId('notices').locator('a').click();
  await eventually(async () => expect(await allTexts(zoras)).toEqual(['Land in <b>sight</b>']));
  await zoras.reload();
  await eventually(async () => expect(await allTexts(zoras)).toEqual(['Land in <b>sight</b>']));
  await yann.context.close();
  await zora.context.close();
}, 90_000);

test('who scrolls up sees older messages come, and what is in sight stays where it is', async () => {
  const { cluster } = shared as Required<typeof shared>;
  const [abel, beth] = (await setup('Abel', 'Beth')) as [Person, Person];
  const post = (path: string, data: object) => abel.context.request.post(`${cluster.demo}/api/${path}`, { data });
  await post('channels/create', { channel: 'Log' });
  for (const [i, text] of numbered('word', 130).entries()) {
    await post('messages', { channel: 'Log', text, key: `key-log-${String(i)}` });
  }
  // Who joins later gets from the connection what is written from then on: all this is history.
  const page = await beth.open('#Log');
  await eventually(async () => expect(await allTexts(page)).toEqual(numbered('word', 130).slice(30)));
  const list = page.getByTestId('messages');
  const anchor = list.getByText('word 33', { exact: true });
  await list.evaluate((element) => (element.scrollTop = 120));
  const before = await anchor.boundingBox();
  await eventually(async () => expect(await allTexts(page)).toEqual(numbered('word', 130)));
  const after = await anchor.boundingBox();
  expect(Math.abs((after?.y ?? Infinity) - (before?.y ?? 0))).toBeLessThan(2);
  expect(await page.getByRole('button', { name: 'Earlier messages' }).count()).toBe(0);
  await abel.context.close();
  await beth.context.close();
}, 90_000);
