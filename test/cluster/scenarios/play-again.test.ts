import { describe, expect, it } from '@jest/globals';
import type { Figure } from '../measure/figure.ts';
import { playUntilMeasured } from './play-again.ts';

const kept: Figure = { what: 'gap', value: 1, bound: { atMost: 100 } };
const late: Figure = { what: 'gap', value: 200, bound: { atMost: 100 } };
const disturbed: Figure = { ...late, unmeasured: 'the host' };
const lost: Figure = { what: 'messages lost', value: 1, bound: { atMost: 0 } };

/** How often it is played when these are the figures of its plays, and those that come of it. */
async function played(...plays: Figure[][]): Promise<[number, Figure[]]> {
  let count = 0;
  const figures = await playUntilMeasured(
    () => Promise.resolve(plays[count++] ?? []),
    () => Promise.resolve(),
  );
  return [count, figures];
}

describe('a scenario', () => {
  it('is played once when all is kept, or when a time is missed on a machine of its own', async () => {
    expect(await played([kept])).toEqual([1, [kept]]);
    expect(await played([late], [kept])).toEqual([1, [late]]);
  });

  it('is played again when nothing but times were missed and the host had the machine', async () => {
    const [count, figures] = await played([disturbed], [disturbed, kept], [kept]);
    expect(count).toBe(3);
    expect(figures).toEqual([kept, { what: expect.stringContaining('before it'), value: 2, bound: null }]);
  });

  it('has missed what it missed in its last play', async () => {
    const [count, figures] = await played([disturbed], [disturbed], [disturbed], [kept]);
    expect([count, figures[0]]).toEqual([3, disturbed]);
  });

  it('is not played again when more than time was missed, whatever the host did', async () => {
    expect(await played([disturbed, lost], [kept])).toEqual([1, [disturbed, lost]]);
    expect(await played([disturbed, late], [kept])).toEqual([1, [disturbed, late]]);
  });
});
