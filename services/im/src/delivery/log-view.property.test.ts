import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventuallyIdle } from './testing/eventually-idle.ts';
import { followedView } from './testing/followed-view.ts';

/** What happens to the notify of each appended message: it comes, comes late, comes twice, or never. */
const fates = fc.array(fc.constantFrom('now', 'late', 'twice', 'never'), { minLength: 1, maxLength: 40 });

describe('whatever becomes of notifies', () => {
  it('each message reaches a follower once and in order, as soon as the log is read again', async () => {
    await fc.assert(
      fc.asyncProperty(fates, fc.integer({ min: 1, max: 5 }), async (plan, page) => {
        const { follow, notify, log, tick, filler, view } = followedView(undefined, page);
        const { receiver } = follow();
        const late: (() => void)[] = [];
        for (const fate of plan) {
          const entry = log.append();
          if (fate === 'late') late.push(() => notify(entry));
          if (fate === 'now' || fate === 'twice') notify(entry);
          if (fate === 'twice') notify(entry);
          if (entry.offset % 3 === 0) await eventuallyIdle();
          tick.run();
        }
        for (const come of late.reverse()) come();
        await filler.fill(view);
        await eventuallyIdle();
        tick.run();
        expect(receiver.got).toEqual(plan.map((_, i) => String(i + 1)));
      }),
      { numRuns: 300 },
    );
  });
});
