import type { Verdict } from '../observer/verdict.ts';
import { isWithin } from './findings.ts';
import type { Teller } from './run.ts';

/** A timeline, and the verdict below it. */
export interface RunTeller extends Teller {
  readonly verdict: (verdict: Verdict) => void;
}

export function startTeller(lines: NodeJS.WriteStream): RunTeller {
  const beganMs = performance.now();
  const line = (text: string): void => {
    lines.write(`${((performance.now() - beganMs) / 1_000).toFixed(1).padStart(7)} s  ${text}\n`);
  };
  return {
    note: line,
    fault: (name, what, detail) =>
      line(`${what === 'begin' ? '▶' : '■'} ${name}${what === 'begin' ? ` ${detail}` : ''}`),
    verdict(verdict) {
      for (const figure of verdict.figures) {
        line(
          `${isWithin(figure) ? ' ' : '✗'} ${figure.phase}: ${figure.name}: ${figure.value} ${figure.unit} ≤ ${figure.most ?? '-'}`,
        );
      }
      for (const { kind, phase, text } of verdict.violations.slice(0, 30)) line(`✗ ${phase}: ${kind}: ${text}`);
      line(verdict.passed ? 'passed' : `FAILED: ${verdict.violationCount} violations`);
    },
  };
}
