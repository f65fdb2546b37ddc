import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { homeTable, slotOf } from '@flotilla-im/protocol';
import type { Browser, Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { launch, type Launched } from '../support/launch.ts';
import { callOf, cameTo, connected, keepPeers, sentence } from './call-pages.ts';
import { type Person, signIn } from './chat-people.ts';
import { launchBrowser } from './launch-browser.ts';

const shared: { browser?: Browser; cluster?: Launched } = {};

beforeAll(async () => {
  shared.cluster = await launch(18_960);
  shared.browser = await launchBrowser();
}, 180_000);

afterAll(async () => {
  await shared.browser?.close();
  expect(await shared.cluster?.stop()).toBe(0);
}, 60_000);

async function setup(...names: readonly string[]): Promise<Person[]> {
  const { browser, cluster } = shared as Required<typeof shared>;
  return Promise.all(
    names.map(async (name) => {
      const person = await signIn(browser, cluster.demo, name);
      await keepPeers(person.context);
      return person;
    }),
  );
}

/** Sound and pictures go on arriving at both. */
async function bothAdvance(...pages: readonly Page[]): Promise<void> {
  const before = await Promise.all(pages.map(cameTo));
  await eventually(async () => {
    for (const [i, page] of pages.entries()) {
      const [now, then] = [await cameTo(page), before[i]!];
      expect(now.frames).toBeGreaterThan(then.frames + 5);
      expect(now.audioBytes).toBeGreaterThan(then.audioBytes);
      expect(now.played).toBeGreaterThan(then.played);
    }
  }, 45_000);
}

const ELSEWHERE = 'You are in a call on another device';

/** Whether the page offers to call. */
async function mayDial(page: Page): Promise<boolean> {
  const buttons = ['#dial-video', '#dial-audio'].map((id) => page.locator(id).getAttribute('aria-disabled'));
  const [first, second] = await Promise.all(buttons);
  expect(first).toBe(second);
  return first === 'false';
}

/** Requests of a page do not reach the service until the returned function is called. */
async function holdBack(page: Page, url: string): Promise<() => void> {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(url, async (route) => {
    await held;
    await route.continue();
  });
  return letGo;
}

const close = (people: readonly Person[]): Promise<unknown> =>
  Promise.all(people.map(({ context }) => context.close()));

test('two people see and hear each other, another device stops ringing, and either hangs up', async () => {
  const people = await setup('Ada', 'Ben');
  const [ada, ben] = people as [Person, Person];
  const adas = await ada.open('@Ben');
  const bens = await ben.open('@Ada');
  const another = await ben.open('@Ada');
  expect(await adas.evaluate(() => document.styleSheets.length)).toBe(1);
  await adas.locator('#dial-video').click();
  await sentence(adas, 'Ringing at Ben …').waitFor();
  for (const page of [bens, another]) {
    await callOf(page, 'ringing').waitFor();
    await sentence(page, 'Ada calls you with video.').waitFor();
    await eventually(async () => expect(await page.title()).toBe('☎ Ada calls'));
  }
  // Escape answers nobody, and refuses nobody.
  await bens.keyboard.press('Escape');
  await bens.keyboard.press('Escape');
  await callOf(bens, 'ringing').waitFor();

  await bens.getByTestId('call-accept').click();
  await sentence(another, 'Answered on another device.').waitFor();
  await connected(adas, bens);
  // All their other pages say so and call nobody meanwhile, also one that is opened only now.
  const late = await ada.open('@Ben');
  for (const page of [another, late]) await page.locator('#subtitle', { hasText: ELSEWHERE }).waitFor();
  expect(await Promise.all([another, late, adas, bens].map(mayDial))).toEqual([false, false, false, false]);
  for (const page of [adas, bens]) expect(await page.locator('#subtitle').textContent()).toBe('online');
  await bothAdvance(adas, bens);
  await sentence(bens, 'You are connected with Ada.').waitFor();
  await bens
    .getByRole('timer')
    .getByText(/^\d\d:\d\d$/)
    .waitFor();

  // The chat beside it goes on.
  await adas.locator('#text').fill('I see you');
  await adas.keyboard.press('Enter');
  await bens.locator('.message', { hasText: 'I see you' }).waitFor();
  await bens.getByTestId('call-mute').click();
  expect(await bens.getByTestId('call-mute').getAttribute('aria-pressed')).toBe('true');

  const letGo = await holdBack(bens, '**/api/calls/hang-up');
  await bens.getByTestId('call-hang-up').click();
  await sentence(bens, 'You hung up.').waitFor();
  // It was this page's own: while the service has yet to hear of its end, it is not on another one.
  await eventually(async () => expect(await mayDial(bens)).toBe(true));
  letGo();
  await sentence(adas, 'Ben hung up.').waitFor();
  for (const page of [another, late, adas, bens]) await eventually(async () => expect(await mayDial(page)).toBe(true));
  expect(await late.locator('#subtitle').textContent()).toBe('online');
  await adas.getByTestId('call-close').click();
  await eventually(async () => expect(await adas.getByTestId('call').isVisible()).toBe(false));
  expect(await adas.title()).toBe('Flotilla chat');
  await close(people);
}, 180_000);

test('a call rings and goes on while the cluster scales 3, 5, 2 and the shard of one of them is killed', async () => {
  const { cluster } = shared as Required<typeof shared>;
  const people = await setup('Cleo', 'Dan');
  const [cleo, dan] = people as [Person, Person];
  const cleos = await cleo.open('@Dan');
  const dans = await dan.open('@Cleo');
  // It rings at a page that changes its shard, and is answered by it.
  const scaling = cluster.control('scale', 5);
  await cleos.locator('#dial-video').click();
  await callOf(dans, 'ringing').waitFor();
  await dans.getByTestId('call-accept').click();
  await connected(cleos, dans);
  await scaling;
  await bothAdvance(cleos, dans);
  await cluster.control('scale', 2);
  await bothAdvance(cleos, dans);
  await cluster.control('kill', homeTable(2)[slotOf('Dan')] ?? 0);
  await bothAdvance(cleos, dans);
  // The shard that was killed is back, or its slots are lent: either way what is said arrives.
  await cleos.getByTestId('call-hang-up').click();
  await sentence(dans, 'Cleo hung up.').waitFor({ timeout: 45_000 });
  expect(await sentence(cleos, 'You hung up.').count()).toBe(1);

  // While it rings as well: it rings on, and that it was given up arrives.
  await dans.getByTestId('call-close').click();
  await cleos.locator('#dial-audio').click();
  await callOf(dans, 'ringing').waitFor();
  await cluster.control('kill', homeTable(2)[slotOf('Dan')] ?? 0);
  await callOf(dans, 'ringing').waitFor();
  await cleos.getByTestId('call-hang-up').click();
  await sentence(dans, 'You missed a call of Cleo.').waitFor({ timeout: 45_000 });
  await close(people);
}, 300_000);

test('who is not allowed a camera sees and hears nevertheless; a page that is closed hangs up', async () => {
  const people = await setup('Eve', 'Finn');
  const [eve, finn] = people as [Person, Person];
  await finn.context.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  const eves = await eve.open('@Finn');
  const finns = await finn.open('@Eve');
  await eves.locator('#dial-video').click();
  await finns.getByTestId('call-accept').click();
  await connected(eves, finns);
  await eventually(async () => expect((await cameTo(finns)).frames).toBeGreaterThan(5), 45_000);
  await finns.getByTestId('call-problem').getByText('not allowed to use camera and microphone').waitFor();
  await finns.goto('about:blank');
  await sentence(eves, 'Finn hung up.').waitFor();
  await close(people);
}, 180_000);

test('two who call each other at the same moment are in one call, and each hears the other', async () => {
  const people = await setup('Jo', 'Kim');
  const pages = [await people[0]!.open('@Kim'), await people[1]!.open('@Jo')] as const;
  let asked = 0;
  let letBoth = (): void => undefined;
  const both = new Promise<void>((resolve) => (letBoth = resolve));
  for (const page of pages) {
    await page.route('**/api/calls/dial', async (route) => {
      asked += 1;
      if (asked === 2) letBoth();
      await both;
      await route.continue();
    });
  }
  await Promise.all(pages.map((page) => page.locator('#dial-video').click()));
  await connected(...pages);
  await bothAdvance(...pages);
  await pages[0].getByTestId('call-hang-up').click();
  await sentence(pages[1], 'Jo hung up.').waitFor();
  await close(people);
}, 120_000);

test('who has closed the last page is not here; that is no dropped connection', async () => {
  const people = await setup('Lea', 'Max');
  const [lea, max] = people as [Person, Person];
  const leas = await lea.open('@Max');
  const maxes = await max.open('@Lea');
  const person = leas.locator('[data-person=Max]');
  await eventually(async () => expect(await person.first().getAttribute('data-online')).toBe('true'));
  await maxes.close({ runBeforeUnload: true });
  await eventually(async () => expect(await person.first().getAttribute('data-online')).toBe('false'), 60_000);
  await leas.locator('#dial-audio').click();
  await sentence(leas, 'Max is not here.').waitFor();
  await close(people);
}, 120_000);

test('the caller hears that somebody refused, is in another call, or is not here', async () => {
  const people = await setup('Gus', 'Hal', 'Ida');
  const [gus, hal, ida] = people as [Person, Person, Person];
  const [guses, hals, idas] = [await gus.open('@Hal'), await hal.open('@Ida'), await ida.open('@Hal')];
  await guses.locator('#dial-audio').click();
  await sentence(hals, 'Gus calls you.').waitFor();
  expect(await hals.getByTestId('call-accept-audio').isVisible()).toBe(false);
  await idas.locator('#dial-video').click();
  await sentence(idas, 'Hal is in another call.').waitFor();
  const letGo = await holdBack(hals, '**/api/calls/answer');
  await hals.getByTestId('call-refuse').click();
  await eventually(async () => expect(await mayDial(hals)).toBe(true));
  letGo();
  await sentence(guses, 'Hal refused.').waitFor();

  const nobody = await ida.open('@Nobody');
  await nobody.locator('#dial-video').click();
  await sentence(nobody, 'Nobody is not here.').waitFor();
  await close(people);
}, 120_000);
