import { describe, expect, test } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { allTexts, mostArrivals, numbered } from '../chat-people.ts';
import { goTo, write } from '../demo-pages.ts';
import type { DemoStage } from '../stage.ts';

/** A page while its service is gone and comes back. */
export const overRestartSuite = (stage: DemoStage): void => {
  describe('over a restart', () => {
    const setup = async (...names: readonly string[]) => {
      const people = await Promise.all(names.map((name) => stage.open({ name })));
      return { harness: stage.harness, pages: people.map(({ page }) => page) };
    };

    test('what is written while the service is gone arrives once and in order when it is back, and is shown as on its way', async () => {
      const { harness, pages } = await setup('Gwen', 'Hank');
      const [gwens, hanks] = pages as [(typeof pages)[0], (typeof pages)[0]];
      await goTo(gwens, '@Hank');
      await goTo(hanks, '@Gwen');
      await write(gwens, 'word 1');
      await hanks.getByText('word 1').waitFor();
      await harness.restart(async () => {
        for (const text of numbered('word', 4).slice(1)) await write(gwens, text);
        await eventually(async () => expect(await gwens.locator('.message[data-state=sending]').count()).toBe(3));
        // What is connected stays so: the shards do not need the service.
        expect(await gwens.locator('#state').textContent()).toBe('Connected');
        // Somebody else opens a page meanwhile, and stays signed in.
        await expect(hanks.reload()).rejects.toThrow();
      });
      await hanks.goto(harness.demo().url);
      await goTo(hanks, '@Gwen');
      for (const page of [gwens, hanks]) {
        await eventually(async () => expect(await allTexts(page)).toEqual(numbered('word', 4)), 45_000);
        expect(await mostArrivals(page)).toBeLessThanOrEqual(1);
      }
      await eventually(async () => expect(await gwens.locator('.message[data-state=read]').count()).toBe(4), 30_000);
    }, 120_000);
  });
};
