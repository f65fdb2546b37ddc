import { expect, it } from '@jest/globals';
import { hasPassed } from '../measure/figure.ts';
import { timed } from './observe.ts';

const late = [{ what: 'gap', value: 300, bound: { atMost: 100 } }];
const passedWith = (stolen: number, stolenAtWorst: number): boolean => {
  const machine = { busy: 60, stolen, stolenAtWorst };
  return hasPassed({ scenario: 'scale', seconds: 1, figures: timed(late, { machine }) });
};

it('a missed bound on time counts while the host leaves the machine alone', () => {
  expect(passedWith(0, 0)).toBe(false);
  expect(passedWith(10, 30)).toBe(false);
  expect(hasPassed({ scenario: 'scale', seconds: 1, figures: timed(late, { machine: null }) })).toBe(false);
});

it('it does not where the host took a tenth of the window, or three tenths of a second', () => {
  expect(passedWith(11, 11)).toBe(true);
  expect(passedWith(2, 31)).toBe(true);
});
