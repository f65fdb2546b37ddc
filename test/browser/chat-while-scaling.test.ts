import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { launch, type Launched } from '../support/launch.ts';
import { allTexts, keepWriting, mostArrivals, numbered, signIn, textsFrom } from './chat-people.ts';
import { launchBrowser } from './launch-browser.ts';

const shared: { browser?: Browser; cluster?: Launched } = {};

beforeAll(async () => {
  shared.cluster = await launch(18_300);
  shared.browser = await launchBrowser();
}, 180_000);

afterAll(async () => {
  await shared.browser?.close();
  expect(await shared.cluster?.stop()).toBe(0);
}, 60_000);

test('two people chat while the cluster scales 3, 5, 2 and a shard restarts: every word once, in order', async () => {
  const { browser, cluster } = shared as Required<typeof shared>;
  const alice = await signIn(browser, cluster.demo, 'Alice');
  const bob = await signIn(browser, cluster.demo, 'Bob 😀');
  const pages = {
    aliceChannel: await alice.open('#harbour'),
    bobChannel: await bob.open('#harbour'),
    alicePrivate: await alice.open(`@${bob.name}`),
    bobPrivate: await bob.open('@Alice'),
  };
  const writing = {
    aliceChannel: await keepWriting(pages.aliceChannel, 'a'),
    bobChannel: await keepWriting(pages.bobChannel, 'b'),
    alicePrivate: await keepWriting(pages.alicePrivate, 'pa'),
    bobPrivate: await keepWriting(pages.bobPrivate, 'pb'),
  };
  await cluster.control('scale', 5);
  await cluster.control('scale', 2);
  await cluster.control('restart', 1);
  const counts = {
    a: await writing.aliceChannel.stop(),
    b: await writing.bobChannel.stop(),
    pa: await writing.alicePrivate.stop(),
    pb: await writing.bobPrivate.stop(),
  };
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(50);
  for (const page of [pages.aliceChannel, pages.bobChannel]) {
    await eventually(async () => {
      expect(await textsFrom(page, alice.name)).toEqual(numbered('a', counts.a));
      expect(await textsFrom(page, bob.name)).toEqual(numbered('b', counts.b));
    }, 45_000);
  }
  for (const page of [pages.alicePrivate, pages.bobPrivate]) {
    await eventually(async () => {
      expect(await textsFrom(page, alice.name)).toEqual(numbered('pa', counts.pa));
      expect(await textsFrom(page, bob.name)).toEqual(numbered('pb', counts.pb));
    }, 45_000);
  }
  for (const page of Object.values(pages)) expect(await mostArrivals(page)).toBe(1);
  // One order for all: the channel's log is the truth for both pages.
  expect(await allTexts(pages.aliceChannel)).toEqual(await allTexts(pages.bobChannel));
  await alice.context.close();
  await bob.context.close();
}, 180_000);

test('messages wait for somebody who is offline, marked as such, and their sender hears that they were read', async () => {
  const { browser, cluster } = shared as Required<typeof shared>;
  const carol = await signIn(browser, cluster.demo, 'Carol');
  const dave = await signIn(browser, cluster.demo, 'Dave');
  const carols = await carol.open('@Dave');
  const before = await dave.open('@Carol');
  await carols.locator('[data-person=Dave][data-online=true]').waitFor();
  await before.close();
  await carols.locator('[data-person=Dave][data-online=false]').waitFor();
  for (const text of numbered('while away', 3)) {
    await carols.locator('#text').fill(text);
    await carols.keyboard.press('Enter');
  }
  await eventually(async () => expect(await carols.locator('.message[data-state=offline]').count()).toBe(3));
  const daves = await dave.open('@Carol');
  await eventually(async () => expect(await textsFrom(daves, 'Carol')).toEqual(numbered('while away', 3)));
  expect(await daves.locator('.message .waited:visible').count()).toBe(3);
  await eventually(async () => expect(await carols.locator('.message[data-state=read]').count()).toBe(3));
  await carol.context.close();
  await dave.context.close();
}, 90_000);
