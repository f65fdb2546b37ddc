import type { Figure, Verdict } from '../observer/verdict.ts';
import { median, valuesInPhase } from './phase-values.ts';

/** Healthy readers' p99 while others stall, in percent of what it is when nobody does. */
const MOST_PERCENT = 110;
const STALLED = 'stalled-readers';

/**
 * The latency of those who read while others stall, beside that of before and after, both as long: a machine that becomes slower
 * as the run goes on is slower in the middle of all three. The medians of the seconds' p99: one hiccup of the machine is none of theirs.
 */
export function judgeStalled(verdict: Verdict): readonly Figure[] {
  const secondsOf = (phase: string): number[] => valuesInPhase(verdict, 'latency p99', phase);
  const told = ['before', STALLED, 'after'].map((phase): Figure => {
    return { phase, name: 'p99 of a second, median', value: median(secondsOf(phase)), most: null, unit: 'ms' };
  });
  const calm = median([...secondsOf('before'), ...secondsOf('after')]);
  const value = (median(secondsOf(STALLED)) / calm) * 100;
  const name = 'p99 of the others, of what it is before and after';
  return [...told, { phase: STALLED, name, value, most: MOST_PERCENT, unit: '%' }];
}
