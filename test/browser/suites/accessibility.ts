import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { attach } from '../attach-files.ts';
import { findingsInEachLook } from '../axe-findings.ts';
import { callOf, connected } from '../call-pages.ts';
import type { ClusterStage } from '../stage.ts';

async function write(page: Page, text: string): Promise<void> {
  await page.locator('#text').fill(text);
  await page.keyboard.press('Enter');
}

/** What axe finds in each scene of the demo, in each width and look. */
export const accessibilitySuite = (stage: ClusterStage): void => {
  describe('accessibility', () => {
    test('axe finds nothing where one signs in, nor when a name was refused', async () => {
      const page = await stage.browser.newPage();
      await page.goto(stage.cluster.demo);
      await page.locator('#name').waitFor();
      expect(await findingsInEachLook(page)).toEqual([]);
      await page.locator('#name').fill('$');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('visible characters').waitFor();
      expect(await findingsInEachLook(page)).toEqual([]);
    }, 120_000);

    test('axe finds nothing where nothing is open yet, in a channel, its members, and one that has to be joined', async () => {
      const [ava, bert] = await stage.enter('Ava', 'Bert');
      const avas = await ava.open('#Deck');
      const berts = await bert.open('#Deck');
      await write(avas, 'Good morning.');
      await write(berts, 'Good morning to you.');
      await avas.locator('.message', { hasText: 'to you' }).waitFor();
      expect(await findingsInEachLook(avas)).toEqual([]);

      await avas.locator('#show-members').click();
      await avas.getByTestId('member').nth(1).waitFor();
      expect(await findingsInEachLook(avas)).toEqual([]);
      await avas.keyboard.press('Escape');

      // Unread messages of one channel, while another one is to be joined.
      await berts.goto(`${stage.cluster.demo}/#channel/Hold`);
      await berts.reload();
      await berts.locator('#join').waitFor();
      await write(avas, 'Are you there?');
      await berts.locator('[data-channel=Deck][data-unread="1"]').waitFor();
      expect(await findingsInEachLook(berts)).toEqual([]);
      await berts.goto('about:blank');
      await berts.goto(stage.cluster.demo);
      await berts.locator('#state[data-state=connected]').waitFor();
      await berts.locator('[data-channel=Deck]').waitFor();
      expect(await findingsInEachLook(berts)).toEqual([]);
    }, 180_000);

    test('axe finds nothing in a private conversation with a file, receipts and a sign of typing, under a notice', async () => {
      const [clio, dirk, elsa] = await stage.enter('Clio', 'Dirk', 'Elsa');
      const clios = await clio.open('@Astrid');
      await write(clios, 'This waits.');
      await clios.locator('.message[data-state=offline]').waitFor();
      expect(await findingsInEachLook(clios)).toEqual([]);

      const talk = await clio.open('@Dirk');
      const dirks = await dirk.open('@Clio');
      await write(talk, 'This was read.');
      await talk.locator('.message[data-state=read]').waitFor();
      await attach(
        talk,
        { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('a plan') },
        { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<p>') },
      );
      await talk.locator('[data-testid=upload][data-state=failed]').waitFor();
      await dirks.getByTestId('file').waitFor();
      await dirks.locator('#text').pressSequentially('so');
      await talk.getByTestId('typing').getByText('Dirk is typing').waitFor();
      const elsas = await elsa.open('#Deck');
      await elsas.getByTestId('notices').locator('a').click();
      await write(elsas, 'Coffee is ready.');
      for (const page of [talk, dirks]) {
        await page.getByTestId('broadcast').waitFor();
        expect(await findingsInEachLook(page)).toEqual([]);
      }
    }, 180_000);

    test('axe finds nothing while it rings, in a call, and when it is over', async () => {
      const [frank, gert] = await stage.enter('Frank', 'Gert');
      const franks = await frank.open('@Gert');
      const gerts = await gert.open('@Frank');
      await franks.locator('#dial-video').click();
      await callOf(gerts, 'ringing').waitFor();
      for (const page of [gerts, franks]) expect(await findingsInEachLook(page)).toEqual([]);
      await gerts.getByTestId('call-accept').click();
      await connected(franks, gerts);
      expect(await findingsInEachLook(franks)).toEqual([]);
      await gerts.getByTestId('call-hang-up').click();
      await callOf(gerts, 'over').waitFor();
      expect(await findingsInEachLook(gerts)).toEqual([]);
    }, 180_000);

    test('axe finds nothing in the open panel of the fleet, before and after a move', async () => {
      const [hugh] = await stage.enter('Hugh');
      const page = await hugh.open('#Deck');
      await page.getByTestId('fleet-strip').click();
      await page.getByTestId('fleet-shard').first().waitFor();
      expect(await findingsInEachLook(page)).toEqual([]);
      await page.getByRole('button', { name: 'Scale to 3 shards' }).click();
      await page.getByTestId('fleet-change').first().waitFor();
      expect(await findingsInEachLook(page)).toEqual([]);
    }, 180_000);
  });
};
