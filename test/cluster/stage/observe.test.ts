import { expect, it } from '@jest/globals';
import { hasPassed } from '../measure/figure.ts';
import { timed } from './observe.ts';

const late = [{ what: 'gap', value: 300, bound: { atMost: 100 } }];
const reasonWith = (stolen: number, stolenAtWorst: number): string | undefined =>
  timed(late, { machine: { busy: 60, stolen, stolenAtWorst } })[0]?.unmeasured;

it('a missed bound on time has no excuse while the host leaves the machine alone', () => {
  expect(reasonWith(0, 0)).toBeUndefined();
  expect(reasonWith(10, 30)).toBeUndefined();
  expect(timed(late, { machine: null })[0]?.unmeasured).toBeUndefined();
});

it('it is told where the host took a tenth of the window, or three tenths of a second, and is missed all the same', () => {
  expect(reasonWith(11, 11)).toContain('11 %');
  expect(reasonWith(2, 31)).toContain('31 %');
  const figures = timed(late, { machine: { busy: 60, stolen: 11, stolenAtWorst: 11 } });
  expect(hasPassed({ scenario: 'scale', seconds: 1, figures })).toBe(false);
});
