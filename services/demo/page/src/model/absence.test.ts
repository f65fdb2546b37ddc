import { expect, it } from '@jest/globals';
import { Absence } from './absence.ts';

it('what was accepted before the page opened has waited, what comes then has not', () => {
  const absence = new Absence();
  absence.returning(0, 1_000_000);
  absence.end();
  expect([absence.covers(999_999), absence.covers(1_000_000)]).toEqual([true, false]);
});

it('a hiccup of the network is no absence', () => {
  const absence = new Absence();
  absence.returning(0, 1_000_000);
  absence.end();
  absence.begin(60_000);
  absence.begin(63_000);
  absence.returning(64_000, 1_064_000);
  absence.end();
  expect(absence.covers(1_062_000)).toBe(false);
});

it('a night is one, however often the page tried to come back', () => {
  const absence = new Absence();
  absence.returning(0, 1_000_000);
  absence.end();
  absence.begin(60_000);
  absence.returning(90_000, 1_090_000);
  absence.begin(91_000);
  absence.returning(9_000_000, 10_000_000);
  absence.end();
  expect([absence.covers(9_999_999), absence.covers(10_000_001)]).toEqual([true, false]);
});
