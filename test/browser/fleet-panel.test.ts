import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, type Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { launch, type Launched } from '../support/launch.ts';
import { allTexts, keepWriting, mostArrivals, numbered, signIn } from './chat-people.ts';
import { launchBrowser } from './launch-browser.ts';

const shared: { browser?: Browser; cluster?: Launched } = {};

beforeAll(async () => {
  shared.cluster = await launch(18_600, ['--shards', '2']);
  shared.browser = await launchBrowser();
}, 180_000);

afterAll(async () => {
  await shared.browser?.close();
  expect(await shared.cluster?.stop()).toBe(0);
}, 60_000);

/** The slots as they are drawn, each cell as its colour at one place. */
function drawn(page: Page): Promise<string[]> {
  return page.locator('#fleet-canvas').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    const cell = canvas.width / 64;
    return Array.from({ length: 4_096 }, (_, slot) => {
      const at = ((Math.floor(slot / 64) * cell + 1) * canvas.width + (slot % 64) * cell + 1) * 4;
      return [pixels[at], pixels[at + 1], pixels[at + 2]].join();
    });
  });
}

test('the panel opens, scales 2 to 3 by its button, and shows the epoch, the third shard and its slots; a chat goes on', async () => {
  const { browser, cluster } = shared as Required<typeof shared>;
  const problems: string[] = [];
  const anna = await signIn(browser, cluster.demo, 'Anna');
  const page = await anna.open('#harbour');
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  const writing = await keepWriting(page, 'a');

  const strip = page.getByTestId('fleet-strip');
  await strip.focus();
  await page.keyboard.press('Enter');
  await eventually(() => expect(page.getByTestId('fleet-shard').count()).resolves.toBe(2));
  const epoch = Number(await strip.getAttribute('data-epoch'));
  const before = await drawn(page);
  expect(new Set(before).size).toBe(2);

  await page.getByRole('button', { name: 'Scale to 3 shards' }).click();
  // A row that is pointed at has the slots of other shards step back.
  await page.mouse.move(0, 0);
  const third = page.locator('[data-testid=fleet-shard][data-shard="2"][data-state=up][data-report=up]');
  await third.and(page.locator('[data-slots="1365"]')).waitFor({ timeout: 60_000 });
  await eventually(async () => expect(Number(await strip.getAttribute('data-epoch'))).toBeGreaterThan(epoch));
  await eventually(async () => {
    const after = await drawn(page);
    expect(new Set(after).size).toBe(3);
    expect(after.filter((colour, slot) => colour !== before[slot])).toHaveLength(1_365);
  });
  const change = page.getByTestId('fleet-change').first();
  await eventually(async () => expect(await change.locator('.moved').textContent()).toMatch(/^1,365 slots moved /u));
  await eventually(async () => expect(await change.locator('.outcome').textContent()).toContain('nobody was dropped'));
  await eventually(async () => expect(await page.getByTestId('fleet-control').textContent()).toContain('1365 of 4096'));
  expect(await page.getByTestId('fleet-news').textContent()).toMatch(/slots moved/u);

  const count = await writing.stop();
  await eventually(async () => expect(await allTexts(page)).toEqual(numbered('a', count)), 45_000);
  expect(await mostArrivals(page)).toBe(1);
  expect(problems).toEqual([]);
}, 150_000);

test('the keyboard goes through the slots, each is told in words, and Escape closes the panel', async () => {
  const { browser, cluster } = shared as Required<typeof shared>;
  const bob = await signIn(browser, cluster.demo, 'Bob');
  const page = await bob.open('#harbour');
  await page.getByTestId('fleet-strip').click();
  await page.getByTestId('fleet-shard').first().waitFor();
  const grid = page.getByTestId('fleet-grid');
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  expect(await grid.getAttribute('aria-valuetext')).toBe('Slot 65: home shard 0, owner shard 0');
  await page.keyboard.press('End');
  expect(await page.getByTestId('fleet-slot').textContent()).toMatch(/^Slot 4095: home shard [12], owner shard [12]$/u);
  await page.keyboard.press('Escape');
  expect(await page.getByTestId('fleet-panel').isVisible()).toBe(false);
  expect(await page.getByTestId('fleet-strip').getAttribute('aria-expanded')).toBe('false');
  await bob.context.close();
}, 60_000);

test('a killed shard is shown away and comes back', async () => {
  const { browser, cluster } = shared as Required<typeof shared>;
  const carol = await signIn(browser, cluster.demo, 'Carol');
  const page = await carol.open('#harbour');
  await page.getByTestId('fleet-strip').click();
  await page.getByRole('button', { name: 'Kill shard 1' }).click();
  const row = page.locator('[data-testid=fleet-shard][data-shard="1"]');
  await row.and(page.locator('[data-slots="0"]')).waitFor({ timeout: 30_000 });
  await row.and(page.locator('[data-state=up][data-slots="1366"], [data-state=up][data-slots="1365"]')).waitFor({
    timeout: 60_000,
  });
  await carol.context.close();
}, 120_000);
