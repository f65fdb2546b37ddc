import type { Schedule, Step } from './action.ts';

/**
 * The smallest schedule found that still fails: steps are left out in ever smaller pieces (A. Zeller and R. Hildebrandt,
 * "Simplifying and Isolating Failure-Inducing Input", 2002) until none can be spared.
 *
 * @param fails - whether a schedule breaks the same rule
 */
export function shrink(schedule: Schedule, fails: (candidate: Schedule) => boolean): Schedule {
  let steps = schedule.steps;
  for (let pieces = 2; steps.length > 0;) {
    const size = Math.ceil(steps.length / pieces);
    const smaller = without(steps, size).find((candidate) => fails({ ...schedule, steps: candidate }));
    if (smaller !== undefined) {
      steps = smaller;
      pieces = Math.max(2, pieces - 1);
    } else if (size === 1) break;
    else pieces = Math.min(steps.length, pieces * 2);
  }
  return { ...schedule, steps };
}

function without(steps: readonly Step[], size: number): Step[][] {
  const starts = Array.from({ length: Math.ceil(steps.length / size) }, (_, i) => i * size);
  return starts.map((start) => steps.filter((_, i) => i < start || i >= start + size));
}
