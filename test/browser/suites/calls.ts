import { describe, expect, test } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { bothAdvance, callOf, cameTo, connected, keepPeers, sentence } from '../call-pages.ts';
import type { Person } from '../chat-people.ts';
import type { ClusterStage } from '../stage.ts';

/** Their pages will count what flows. */
async function withPeers<People extends readonly Person[]>(entering: Promise<People>): Promise<People> {
  const people = await entering;
  for (const { context } of people) await keepPeers(context);
  return people;
}

/** Calls between browsers, with their media. */
export const callSuite = (stage: ClusterStage): void => {
  describe('calls', () => {
    test('two people see and hear each other, another device stops ringing, and either hangs up', async () => {
      const [ada, ben] = await withPeers(stage.enter('Ada', 'Ben'));
      const adas = await ada.open('@Ben');
      const bens = await ben.open('@Ada');
      const another = await ben.open('#Bridge');
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
      await bothAdvance(adas, bens);
      await sentence(bens, 'You are connected with Ada.').waitFor();
      await bens
        .getByRole('timer')
        .getByText(/00:0\d/)
        .waitFor();

      // The chat beside it goes on.
      await adas.locator('#text').fill('I see you');
      await adas.keyboard.press('Enter');
      await bens.locator('.message', { hasText: 'I see you' }).waitFor();
      await bens.getByTestId('call-mute').click();
      expect(await bens.getByTestId('call-mute').getAttribute('aria-pressed')).toBe('true');

      await bens.getByTestId('call-hang-up').click();
      await sentence(adas, 'Ben hung up.').waitFor();
      await adas.getByTestId('call-close').click();
      await eventually(async () => expect(await adas.getByTestId('call').isVisible()).toBe(false));
      expect(await adas.title()).toBe('Flotilla chat');
    }, 180_000);

    test('who is not allowed a camera sees and hears nevertheless; a page that is closed hangs up', async () => {
      const [eve, finn] = await withPeers(stage.enter('Eve', 'Finn'));
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
    }, 180_000);

    test('two who call each other at the same moment are in one call, and each hears the other', async () => {
      const [jo, kim] = await withPeers(stage.enter('Jo', 'Kim'));
      const pages = [await jo.open('@Kim'), await kim.open('@Jo')] as const;
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
    }, 120_000);

    test('who has closed the last page is not here; that is no dropped connection', async () => {
      const [lea, max] = await withPeers(stage.enter('Lea', 'Max'));
      const leas = await lea.open('@Max');
      const maxes = await max.open('@Lea');
      const person = leas.locator('[data-person=Max]');
      await eventually(async () => expect(await person.first().getAttribute('data-online')).toBe('true'));
      await maxes.close({ runBeforeUnload: true });
      await eventually(async () => expect(await person.first().getAttribute('data-online')).toBe('false'), 60_000);
      await leas.locator('#dial-audio').click();
      await sentence(leas, 'Max is not here.').waitFor();
    }, 120_000);

    test('the caller hears that somebody refused, is in another call, or is not here', async () => {
      const [gus, hal, ida] = await withPeers(stage.enter('Gus', 'Hal', 'Ida'));
      const [guses, hals, idas] = [await gus.open('@Hal'), await hal.open('@Ida'), await ida.open('@Hal')];
      await guses.locator('#dial-audio').click();
      await sentence(hals, 'Gus calls you.').waitFor();
      expect(await hals.getByTestId('call-accept-audio').isVisible()).toBe(false);
      await idas.locator('#dial-video').click();
      await sentence(idas, 'Hal is in another call.').waitFor();
      await hals.getByTestId('call-refuse').click();
      await sentence(guses, 'Hal refused.').waitFor();

      const nobody = await ida.open('@Nobody');
      await nobody.locator('#dial-video').click();
      await sentence(nobody, 'Nobody is not here.').waitFor();
    }, 120_000);
  });
};
