import { expect } from '@jest/globals';
import { eventually } from './eventually.ts';
import { attach, picture } from './attach-files.ts';
import { mostArrivals, type Person } from './chat-people.ts';

/** What was sent until it stopped. */
export interface Files {
  readonly count: number;
  /** Waits until both pages show every file once and in order, and says that each came once. */
  allArrived(): Promise<void>;
}

/** Has somebody send one file after the other to somebody else, until `stop`. */
export async function keepSendingFiles(from: Person, to: Person): Promise<{ stop: () => Promise<Files> }> {
  const pages = [await from.open(`@${to.name}`), await to.open(`@${from.name}`)] as const;
  const [page] = pages;
  const state = { isOver: false, sent: 0 };
  const sendAll = async (): Promise<void> => {
    while (!state.isOver) {
      state.sent += 1;
      await attach(page, picture(`picture ${String(state.sent)}.png`, 20_000));
      await eventually(async () => expect(await page.getByTestId('upload').count()).toBe(0), 60_000);
      await page.waitForTimeout(200);
    }
  };
  const sending = sendAll();
  // Told by `stop`, and not while nobody waits for it.
  sending.catch(() => undefined);
  return {
    async stop() {
      state.isOver = true;
      await sending;
      const names = numberedPictures(state.sent);
      return {
        count: state.sent,
        async allArrived() {
          for (const each of pages) {
            const shown = each.locator('.file .text');
            await eventually(async () => expect(await shown.allTextContents()).toEqual(names), 45_000);
            expect(await mostArrivals(each)).toBe(1);
          }
        },
      };
    },
  };
}

function numberedPictures(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `picture ${String(i + 1)}.png`);
}
