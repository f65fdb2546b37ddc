import type { Browser, Page } from 'playwright-core';
import type { FleetAnswer } from '../../../services/demo/src/fleet/fleet-words.ts';
import type { LaunchLine } from '../../support/launch.ts';
import { keepWriting } from '../chat-people.ts';
import { DESK, join, open, show } from './cast.ts';
import { gather } from './crowd.ts';

/** How the slots are asked for while a moment is waited for: a move is over in seconds. */
const ASK_EVERY_MS = 100;
/** No move takes so long. */
const MOVE_MS = 30_000;

/** Opens the panel of the fleet, scales from two shards to three, and keeps the page as it was in the middle of that. */
export async function openAmidMove(browser: Browser, line: LaunchLine, channel: string, writer: Page): Promise<Page> {
  const crowd = await gather(line, 240, { channel, listening: 40 });
  const viewport = { width: 1_180, height: 780 };
  const page = await open(browser, line.demo, 'Ines Costa', '#Lobby', { ...DESK, viewport });
  await join(page, line.demo, channel);
  await show(page, 'channel', channel);
  const writing = await keepWriting(writer, 'Loaded pallet');
  const amidMove = await keepMoment(page);
  await page.getByTestId('fleet-strip').click();
  await page.getByTestId('fleet-shard').nth(1).waitFor();
  await page.getByRole('button', { name: 'Scale to 3 shards' }).click();
  await amidMove();
  await page.locator('#fleet-changes [data-running=true]').waitFor();
  await writing.stop();
  await crowd.close();
  return page;
}

/**
 * From the middle of a move on the page is told what the service said then: the picture is of one moment, and a true one.
 * Resolves to what waits for that.
 */
async function keepMoment(page: Page): Promise<() => Promise<unknown>> {
  const found = Promise.withResolvers<undefined>();
  let kept: FleetAnswer | null = null;
  await page.route('**/api/fleet', async (route) => {
    if (kept === null) {
      const answer = await route.fetch();
      const fleet = (await answer.json()) as FleetAnswer;
      if (!isAmidMove(fleet)) return route.fulfill({ response: answer });
      kept = fleet;
      found.resolve(undefined);
    }
    return route.fulfill({ json: kept });
  });
  // A page that comes into sight asks at once.
  await page.evaluate((everyMs) => {
    setInterval(() => document.dispatchEvent(new Event('visibilitychange')), everyMs);
  }, ASK_EVERY_MS);
  const tooLate = async (): Promise<never> => {
    await page.waitForTimeout(MOVE_MS);
    throw new Error('no move was seen');
  };
  return () => Promise.race([found.promise, tooLate()]);
}

/** Some have gone over, and some have not. */
function isAmidMove({ shards, leaving }: FleetAnswer): boolean {
  const hasLeaving = leaving.some((value, i) => i % 2 === 0 && value >= 0);
  return hasLeaving && (shards.find(({ shard }) => shard === 2)?.connections ?? 0) > 10;
}
