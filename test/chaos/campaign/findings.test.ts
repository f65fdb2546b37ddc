import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../observer/verdict.ts';
import { FindingsBook, withFindings } from './findings.ts';

const verdict: Verdict = {
  passed: true,
  durationS: 1,
  clients: { v1: 1, plain: 0, socketIo: 0 },
  accepted: 1,
  delivered: 1,
  figures: [{ phase: 'p', name: 'lost', value: 0, most: 0, unit: '' }],
  violations: [],
  violationCount: 0,
  faults: [],
  phases: [],
  series: [],
};

function setup(value: number, most: number | null): Verdict {
  const book = new FindingsBook();
  book.figure({ phase: 'p', name: 'slots lent', value, most, unit: '' });
  return withFindings(verdict, book);
}

describe('what the campaign saw, put to the verdict', () => {
  it('changes nothing but the figures when it is within its bounds', () => {
    const { passed, figures, violationCount } = setup(3, 3);
    expect({ passed, violationCount, names: figures.map(({ name }) => name) }).toEqual({
      passed: true,
      violationCount: 0,
      names: ['lost', 'slots lent'],
    });
  });

  it.each([
    ['beyond its bound', 4],
    ['no number', NaN],
  ])('breaks it when a figure is %s', (_, value) => {
    const { passed, violations, violationCount } = setup(value, 3);
    expect({ passed, violationCount, kinds: violations.map(({ kind }) => kind) }).toEqual({
      passed: false,
      violationCount: 1,
      kinds: ['bound'],
    });
  });

  it('holds nothing against a figure that is only told', () => {
    expect(setup(1_000, null).passed).toBe(true);
  });
});
