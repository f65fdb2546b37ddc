import { expect } from '@jest/globals';
import { eventually } from './eventually.ts';
import { allTexts, keepWriting, mostArrivals, numbered, type Person, textsFrom } from './chat-people.ts';

/** What was said until it stopped. */
export interface Words {
  /** How many each page wrote, by what its words begin with. */
  readonly counts: Readonly<Record<'a' | 'b' | 'pa' | 'pb', number>>;
  /** Waits until every page shows every word once and in order, and says that each came once. */
  allArrived(): Promise<void>;
}

/** Has two people write without a pause, in a channel and to each other, until `stop`. */
export async function keepTalking(one: Person, other: Person): Promise<{ stop: () => Promise<Words> }> {
  const channel = [await one.open('#quay'), await other.open('#quay')] as const;
  const between = [await one.open(`@${other.name}`), await other.open(`@${one.name}`)] as const;
  const writing = {
    a: await keepWriting(channel[0], 'a'),
    b: await keepWriting(channel[1], 'b'),
    pa: await keepWriting(between[0], 'pa'),
    pb: await keepWriting(between[1], 'pb'),
  };
  return {
    async stop() {
      const counts = {
        a: await writing.a.stop(),
        b: await writing.b.stop(),
        pa: await writing.pa.stop(),
        pb: await writing.pb.stop(),
      };
      return {
        counts,
        async allArrived() {
          for (const [pages, ones, others] of [
            [channel, 'a', 'b'],
            [between, 'pa', 'pb'],
          ] as const) {
            for (const page of pages) {
              await eventually(async () => {
                expect(await textsFrom(page, one.name)).toEqual(numbered(ones, counts[ones]));
                expect(await textsFrom(page, other.name)).toEqual(numbered(others, counts[others]));
              }, 45_000);
              expect(await mostArrivals(page)).toBe(1);
            }
          }
          // One order for all: the channel's log is the truth for both pages.
          expect(await allTexts(channel[0])).toEqual(await allTexts(channel[1]));
        },
      };
    },
  };
}
