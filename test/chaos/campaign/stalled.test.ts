import { describe, expect, it } from '@jest/globals';
import type { FaultSpan, Verdict } from '../observer/verdict.ts';
import { judgeStalled } from './stalled.ts';

/** Three stretches of equal length, and what p99 was in each of their seconds. */
function setup(before: readonly number[], stalled: readonly number[], after: readonly number[]): Verdict {
  const values = [before, stalled, after];
  let second = 0;
  const phases = ['before', 'stalled-readers', 'after'].map((name, i): FaultSpan => {
    const fromS = second;
    second += values[i]?.length ?? 0;
    return { name, detail: '', fromS, toS: second - 0.5 };
  });
  const seconds = values.flat().map((_, i) => i);
  return {
    phases,
    series: [{ name: 'latency p99', unit: 'ms', seconds, values: values.flat() }],
  } as unknown as Verdict;
}

const ratioOf = (verdict: Verdict): unknown => judgeStalled(verdict).at(-1);

describe('the latency of those who read while others do not', () => {
  it('is held beside that of before and after', () => {
    expect(ratioOf(setup([10, 10, 10], [12, 12, 12], [10, 10, 10]))).toMatchObject({ value: 120, most: 110 });
  });

  it('is not worse for a machine that becomes slower all the time', () => {
    expect(ratioOf(setup([10, 11, 12], [13, 14, 15], [16, 17, 18]))).toMatchObject({ value: 100 });
  });

  it('is not that of one bad second', () => {
    expect(ratioOf(setup([10, 10, 10], [10, 500, 10], [10, 10, 10]))).toMatchObject({ value: 100 });
  });

  it('is no number where nobody got anything', () => {
    expect(ratioOf(setup([10, 10], [], [10, 10]))).toMatchObject({ value: NaN });
  });
});
