import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launch, type Launched } from '../support/launch.ts';
import { findingsInEachLook } from './accessibility.ts';
import { callOf, connected } from './call-pages.ts';
import { type Person, signIn } from './chat-people.ts';
import { launchBrowser } from './launch-browser.ts';

const shared: { browser?: Browser; cluster?: Launched } = {};

beforeAll(async () => {
  shared.cluster = await launch(19_300, ['--shards', '2']);
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

async function write(page: Page, text: string): Promise<void> {
  await page.locator('#text').fill(text);
  await page.keyboard.press('Enter');
}

const close = (people: readonly Person[]): Promise<unknown> =>
  Promise.all(people.map(({ context }) => context.close()));

test('axe finds nothing where one signs in, nor when a name was refused', async () => {
  const { browser, cluster } = shared as Required<typeof shared>;
  const page = await browser.newPage();
  await page.goto(cluster.demo);
  await page.locator('#name').waitFor();
  expect(await findingsInEachLook(page)).toEqual([]);
  await page.locator('#name').fill('$');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('visible characters').waitFor();
  expect(await findingsInEachLook(page)).toEqual([]);
  await page.close();
}, 120_000);

test('axe finds nothing where nothing is open yet, in a channel, its members, and one that has to be joined', async () => {
  const people = await setup('Ada', 'Ben');
  const [ada, ben] = people as [Person, Person];
  const adas = await ada.open('#Bridge');
  const bens = await ben.open('#Bridge');
  await write(adas, 'Good morning.');
  await write(bens, 'Good morning to you.');
  await adas.locator('.message', { hasText: 'to you' }).waitFor();
  expect(await findingsInEachLook(adas)).toEqual([]);

  await adas.locator('#show-members').click();
  await adas.getByTestId('member').nth(1).waitFor();
  expect(await findingsInEachLook(adas)).toEqual([]);
  await adas.keyboard.press('Escape');

  // Unread messages of one channel, while another one is to be joined.
  await bens.goto(`${(shared as Required<typeof shared>).cluster.demo}/#channel/Elsewhere`);
  await bens.reload();
  await bens.locator('#join').waitFor();
  await write(adas, 'Are you there?');
  await bens.locator('[data-channel=Bridge][data-unread="1"]').waitFor();
  expect(await findingsInEachLook(bens)).toEqual([]);
  await bens.goto('about:blank');
  await bens.goto((shared as Required<typeof shared>).cluster.demo);
  await bens.locator('#state[data-state=connected]').waitFor();
  await bens.locator('[data-channel=Bridge]').waitFor();
  expect(await findingsInEachLook(bens)).toEqual([]);
  await close(people);
}, 180_000);

test('axe finds nothing in a private conversation with a file, receipts and a sign of typing, under a notice', async () => {
  const people = await setup('Cleo', 'Dan', 'Eve');
  const [cleo, dan, eve] = people as [Person, Person, Person];
  const cleos = await cleo.open('@Away');
  await write(cleos, 'This waits.');
  await cleos.locator('.message[data-state=offline]').waitFor();
  expect(await findingsInEachLook(cleos)).toEqual([]);

  const talk = await cleo.open('@Dan');
  const dans = await dan.open('@Cleo');
  await write(talk, 'This was read.');
  await talk.locator('.message[data-state=read]').waitFor();
  const choosing = talk.waitForEvent('filechooser');
  await talk.getByRole('button', { name: 'Attach a file' }).click();
  await (
    await choosing
  ).setFiles([
    { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('a plan') },
    { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<p>') },
  ]);
  await talk.locator('[data-testid=upload][data-state=failed]').waitFor();
  await dans.getByTestId('file').waitFor();
  await dans.locator('#text').pressSequentially('so');
  await talk.getByTestId('typing').getByText('Dan is typing').waitFor();
  const eves = await eve.open('#Bridge');
  await eves.getByTestId('notices').locator('a').click();
  await eves.getByTestId('notices').locator('a[aria-current]').waitFor();
  await write(eves, 'Coffee is ready.');
  for (const page of [talk, dans]) {
    await page.getByTestId('broadcast').waitFor();
    expect(await findingsInEachLook(page)).toEqual([]);
  }
  await close(people);
}, 180_000);

test('axe finds nothing while it rings, in a call, and when it is over', async () => {
  const people = await setup('Finn', 'Gus');
  const [finn, gus] = people as [Person, Person];
  const finns = await finn.open('@Gus');
  const guses = await gus.open('@Finn');
  // It rings half a minute: enough to look at one page in all looks, not always at both.
  await finns.locator('#dial-video').click();
  await callOf(guses, 'ringing').waitFor();
  expect(await findingsInEachLook(finns)).toEqual([]);
  await finns.getByTestId('call-hang-up').click();
  await finns.getByTestId('call-close').click();
  await finns.locator('#dial-video').click();
  await callOf(guses, 'ringing').waitFor();
  expect(await findingsInEachLook(guses)).toEqual([]);
  await guses.getByTestId('call-accept').click();
  await connected(finns, guses);
  expect(await findingsInEachLook(finns)).toEqual([]);
  await guses.getByTestId('call-hang-up').click();
  await callOf(guses, 'over').waitFor();
  expect(await findingsInEachLook(guses)).toEqual([]);
  await close(people);
}, 180_000);

test('axe finds nothing in the open panel of the fleet, before and after a move', async () => {
  const people = await setup('Hal');
  const [hal] = people as [Person];
  const page = await hal.open('#Bridge');
  await page.getByTestId('fleet-strip').click();
  await page.getByTestId('fleet-shard').first().waitFor();
  expect(await findingsInEachLook(page)).toEqual([]);
  await page.getByRole('button', { name: 'Scale to 3 shards' }).click();
  await page.getByTestId('fleet-change').first().waitFor();
  expect(await findingsInEachLook(page)).toEqual([]);
  await close(people);
}, 180_000);
