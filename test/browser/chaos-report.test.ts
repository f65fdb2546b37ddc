import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { writeReport } from '../chaos/report/assets.ts';
import { exampleRun } from '../chaos/report/example-run.ts';
import { formatValue } from '../chaos/report/quantities.ts';
import { findingsInEachLook } from './accessibility.ts';
import { launchBrowser } from './launch-browser.ts';

const shared: { browser?: Browser; folder?: string } = {};

beforeAll(async () => {
  shared.folder = await mkdtemp(join(tmpdir(), 'chaos-report-'));
  for (const hasFailed of [false, true]) {
    const { run, verdict } = exampleRun(hasFailed);
    await writeReport(fileOf(hasFailed), run, verdict);
  }
  shared.browser = await launchBrowser();
}, 60_000);

afterAll(async () => {
  await shared.browser?.close();
  if (shared.folder !== undefined) await rm(shared.folder, { recursive: true });
});

function fileOf(hasFailed: boolean): string {
  return join(shared.folder ?? '', hasFailed ? 'failed.html' : 'passed.html');
}

/** The report on a page, and what it asked for or complained of besides. */
async function open(
  hasFailed: boolean,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; problems: string[] }> {
  const context = await (shared as Required<typeof shared>).browser.newContext(options);
  const page = await context.newPage();
  const address = pathToFileURL(fileOf(hasFailed)).href;
  const problems: string[] = [];
  page.on('console', (message) => problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== address && !request.url().startsWith('data:')) problems.push(request.url());
  });
  await page.goto(address);
  return { page, problems };
}

test('it draws every chart and asks the network for nothing, passed and failed', async () => {
  for (const hasFailed of [false, true]) {
    const { page, problems } = await open(hasFailed);
    expect(await page.locator('.plot canvas').count()).toBe(6);
    expect(problems).toEqual([]);
    await page.context().close();
  }
});

test('axe finds nothing in any look of a run that failed, which shows all that one that passed does', async () => {
  const { page } = await open(true);
  expect(await findingsInEachLook(page)).toEqual([]);
  await page.context().close();
});

test('the keyboard moves the time, looks closely at a fault, and shows the whole run again; nothing else moves', async () => {
  const { page } = await open(true);
  const heightBefore = await page.evaluate(() => document.documentElement.scrollHeight);
  const time = page.getByRole('slider', { name: 'Time in the run' });
  await time.focus();
  for (let presses = 0; presses < 22; presses++) await page.keyboard.press('ArrowRight');
  expect(await time.getAttribute('aria-valuetext')).toMatch(/^22\ss, 1.9\ss after fault 1, kill-shard$/u);
  const p99 = exampleRun(true).verdict.series.find(({ name }) => name === 'latency p99');
  const told = page
    .locator('figure', { has: page.locator('#chart-latency') })
    .locator('.value')
    .last();
  expect(await told.textContent()).toBe(formatValue(p99?.values[p99.seconds.indexOf(22)] ?? 0, 'ms'));

  await page.getByRole('button', { name: '2 scale', exact: true }).focus();
  await page.keyboard.press('Enter');
  expect(Number(await time.getAttribute('min'))).toBe(43.5);
  expect(Number(await time.getAttribute('max'))).toBe(66);
  await page.keyboard.press('Escape');
  expect(Number(await time.getAttribute('max'))).toBe(240);
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(heightBefore);
  await page.context().close();
});

test('a drag across a chart shows that part in all of them', async () => {
  const { page } = await open(false);
  const plot = page.locator('#chart-epoch .u-over');
  await plot.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await plot.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(x + width / 4, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 3 });
  await page.mouse.up();
  const [from, to] = await Promise.all(['min', 'max'].map((name) => page.locator('#time').getAttribute(name)));
  expect(Number(from)).toBeCloseTo(60, 0);
  expect(Number(to)).toBeCloseTo(120, 0);
  await page.context().close();
});

test('on a phone and on paper nothing is wider than the page; without its script all that was found can be read', async () => {
  const { page } = await open(true, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Failed');
  expect(await page.locator('#violations').isVisible()).toBe(true);
  expect(await page.locator('.matrix').isVisible()).toBe(true);
  await page.context().close();

  const drawn = await open(true, { viewport: { width: 390, height: 844 } });
  expect(await drawn.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await drawn.page.emulateMedia({ media: 'print' });
  await drawn.page.setViewportSize({ width: 720, height: 1_000 });
  expect(await drawn.page.evaluate(() => document.documentElement.scrollWidth)).toBe(720);
  expect(await drawn.page.locator('#time').isVisible()).toBe(false);
  await drawn.page.context().close();
});
