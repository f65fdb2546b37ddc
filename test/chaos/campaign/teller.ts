import type { Figure, Verdict } from '../observer/verdict.ts';
import { isWithin } from './findings.ts';
import type { Teller } from './run.ts';

/** A timeline, and in the end the verdict below it. */
export interface RunTeller extends Teller {
  readonly verdict: (verdict: Verdict) => void;
}

/** Violations that are printed; the report has more. */
const MOST_VIOLATIONS = 20;
const NAME_WIDTH = 64;
const VALUE_WIDTH = 12;

/** Tells a run line by line, each with the seconds since it began. */
export function startTeller(lines: NodeJS.WritableStream): RunTeller {
  const beganMs = performance.now();
  const note = (text: string): void => {
    lines.write(`${((performance.now() - beganMs) / 1_000).toFixed(1).padStart(7)}  ${text}\n`);
  };
  return {
    note,
    fault: (name, what, detail) => note(what === 'begin' ? `▶ ${name} ${detail}`.trimEnd() : `■ ${name}`),
    verdict: (verdict) => void lines.write(`\n${formatVerdict(verdict)}\n\n`),
  };
}

/** Figures beside their bounds by phase, then what was violated, as text. */
export function formatVerdict({ figures, violations, violationCount, passed, accepted, delivered }: Verdict): string {
  const phases = [...Map.groupBy(figures, ({ phase }) => phase)];
  const tables = phases.flatMap(([phase, own]) => [phase === '' ? 'the whole run' : phase, ...own.map(formatFigure)]);
  const told = violations.slice(0, MOST_VIOLATIONS).map(({ kind, phase, text }) => `✗ ${kind} (${phase}): ${text}`);
  const untold = violationCount > told.length ? [`… and ${violationCount - told.length} more`] : [];
  const messages = `${accepted.toLocaleString('en')} messages accepted, ${delivered.toLocaleString('en')} deliveries`;
  const outcome = passed ? 'everything held' : `${violationCount} violations`;
  return [...tables, '', ...told, ...untold, `${passed ? '✓' : '✗'} ${outcome}; ${messages}`].join('\n');
}

function formatFigure(figure: Figure): string {
  const { name, value, most, unit } = figure;
  const bound = most === null ? '' : `≤ ${shown(most)}`;
  const mark = isWithin(figure) ? ' ' : '✗';
  return ` ${mark} ${name.padEnd(NAME_WIDTH)} ${`${shown(value)} ${unit}`.padStart(VALUE_WIDTH)}  ${bound}`.trimEnd();
}

function shown(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 });
}
