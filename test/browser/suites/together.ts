import { describe, expect, test } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { allTexts, numbered, textsFrom } from '../chat-people.ts';
import type { ClusterStage } from '../stage.ts';

/** What people who are there at the same time see of each other. */
export const togetherSuite = (stage: ClusterStage): void => {
  describe('together', () => {
    test('one sees that the other is typing until the words are there, and that they were read once they were looked at', async () => {
      const [uma, vera] = await stage.enter('Uma', 'Vera');
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
    }, 90_000);

    test('who created a channel puts somebody out, whose page says so on each of their pages; they may come again', async () => {
      const [walt, xenia] = await stage.enter('Walt', '<i>Xenia</i>');
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
    }, 90_000);

    test('a notice reaches everybody at once, whatever they look at, is shown as such, and is kept', async () => {
      const [yann, zora] = await stage.enter('Yann', 'Zora');
      const yanns = await yann.open('#Mast');
      const zoras = await zora.open('@Yann');
      await yanns.getByTestId('notices').locator('a').click();
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
    }, 90_000);

    test('who scrolls up sees older messages come, and what is in sight stays where it is', async () => {
      const [abel, beth] = await stage.enter('Abel', 'Beth');
      const post = (path: string, data: object) =>
        abel.context.request.post(`${stage.cluster.demo}/api/${path}`, { data });
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
    }, 90_000);

    test('messages wait for somebody who is offline, marked as such, and their sender hears that they were read', async () => {
      const [carol, dave] = await stage.enter('Carol', 'Dave');
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
    }, 90_000);
  });
};
