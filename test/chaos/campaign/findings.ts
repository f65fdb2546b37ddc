import type { Figure, Verdict, Violation } from '../observer/verdict.ts';

/** What the campaign itself saw, beside what the observer finds in the journals. */
export interface Findings {
  readonly figures: readonly Figure[];
  readonly violations: readonly Violation[];
}

/** Whether a figure keeps its bound. One that is no number keeps none. */
export function isWithin({ value, most }: Figure): boolean {
  return most === null || value <= most;
}

/** Findings of a run as it goes. A figure beyond its bound becomes a violation as well, so that one list tells all that is wrong. */
export class FindingsBook implements Findings {
  readonly figures: Figure[] = [];
  readonly violations: Violation[] = [];

  figure(figure: Figure): void {
    this.figures.push(figure);
    if (!isWithin(figure)) this.violation(figure.phase, worded(figure));
  }

  violation(phase: string, text: string): void {
    this.violations.push({ phase, kind: 'bound', text });
  }
}

/** The observer's verdict and what the campaign saw, as one. */
export function withFindings(verdict: Verdict, { figures, violations }: Findings): Verdict {
  return {
    ...verdict,
    passed: verdict.passed && violations.length === 0,
    figures: [...verdict.figures, ...figures],
    violations: [...violations, ...verdict.violations],
    violationCount: verdict.violationCount + violations.length,
  };
}

function worded({ name, value, most, unit }: Figure): string {
  const measured = (figure: number): string => `${Math.round(figure * 100) / 100} ${unit}`.trimEnd();
  return `${name}: ${measured(value)}, at most ${measured(most ?? Infinity)}`;
}
