/** One part of the test run: a static check, which counts as one, or a jest project, which counts its tests. */
export interface Step {
  /** Stands in the header, for example `eslint`. */
  readonly title: string;
  /** Runs it to its end; never rejects. */
  readonly run: () => Promise<StepResult>;
}

/** How a step went. */
export interface StepResult {
  /** What passed: tests, or 1 for a check. */
  readonly passed: number;
  /** What failed: tests, test files that could not run, or 1 for a check. */
  readonly failed: number;
  /** What to show when something failed; empty when the step wrote to the terminal itself. */
  readonly details: string;
  /** Why nothing of it was run; such a step counts as nothing. */
  readonly leftOut?: string;
}

/** A step that cannot be run here and need not be. */
export function leftOut(title: string, why: string): Step {
  return { title, run: () => Promise.resolve({ passed: 0, failed: 0, details: '', leftOut: why }) };
}

/** Runs steps one after the other, with a line before and after each; returns their results in order. */
export async function runLane(steps: readonly Step[], print: (text: string) => void): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    print(`… ${step.title}\n`);
    const started = performance.now();
    const result = await step.run();
    results.push(result);
    if (result.leftOut !== undefined) {
      print(`– ${step.title}: left out, ${result.leftOut}\n`);
      continue;
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const mark = result.failed > 0 ? '✗' : '✓';
    const counts = `${result.passed} passed${result.failed > 0 ? `, ${result.failed} failed` : ''}`;
    print(`${result.failed > 0 ? result.details : ''}${mark} ${step.title}: ${counts} (${seconds} s)\n`);
  }
  return results;
}
