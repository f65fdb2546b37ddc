import type { Figure, Verdict } from '../observer/verdict.ts';
import { median, valuesInPhase } from './phase-values.ts';

/** Healthy readers' p99 while others stall, in percent of what it was before. */
const MOST_PERCENT = 110;

/** The latency of those who read while others stall, beside that of before. The medians of the seconds' p99: one hiccup of the machine is none of theirs. */
export function judgeStalled(verdict: Verdict): readonly Figure[] {
  const phase = 'stalled-readers';
  const before = median(valuesInPhase(verdict, 'latency p99', 'before'));
  const during = median(valuesInPhase(verdict, 'latency p99', phase));
  return [
    { phase: 'before', name: 'p99 of a second, median', value: before, most: null, unit: 'ms' },
    { phase, name: 'p99 of a second, median', value: during, most: null, unit: 'ms' },
    {
      phase,
      name: 'p99 of the others, of what it was before',
      value: (during / before) * 100,
      most: MOST_PERCENT,
      unit: '%',
    },
  ];
}
