import { describe, expect, it } from '@jest/globals';
import { expandRuns, runsOf } from './slot-runs.ts';

describe('slots in runs', () => {
  it.each<[string, number[], number[]]>([
    ['nothing', [], []],
    ['one value', [7, 7, 7], [7, 3]],
    ['values that come again', [0, 0, 1, 0], [0, 2, 1, 1, 0, 1]],
    ['a value below zero', [-1, 2], [-1, 1, 2, 1]],
  ])('hold %s', (_, table, runs) => {
    expect(runsOf(table)).toEqual(runs);
    expect(expandRuns(runs)).toEqual(table);
  });

  it('are the same after both ways, for any table', () => {
    const table = Array.from({ length: 4_096 }, (_, slot) => (slot * 7_919) % 5);
    expect(expandRuns(runsOf(table))).toEqual(table);
  });
});
