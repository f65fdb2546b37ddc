import type { Figure, Verdict } from '../observer/verdict.ts';
import { counted, formatNumber } from './quantities.ts';
import type { RunDescription } from './run-description.ts';
import { boundsTable } from './timeline-table.ts';
import { type Look, painted, plain, wrapped } from './terminal.ts';
import { verdictSentence, verdictWord } from './verdict-section.ts';

/** Where a timeline is written. */
export interface TimelineOutput {
  write(text: string): unknown;
}

/** What a timeline needs besides: how it looks, how many faults are to come, and the time. */
export interface TimelineOptions {
  readonly look: Look;
  /** Null where it is not known beforehand. */
  readonly faults: number | null;
  /** Seconds since the run began. */
  readonly nowS: () => number;
}

/** Violations that are printed; the report has more. */
const MOST_VIOLATIONS = 20;
/** Under the text of a line, behind its time. */
const INDENT = 11;

/** Tells a run as it goes, a line for each event, and in the end what came of it. */
export class Timeline {
  readonly #output: TimelineOutput;
  readonly #options: TimelineOptions;
  #begun = 0;

  constructor(output: TimelineOutput, options: TimelineOptions) {
    this.#output = output;
    this.#options = options;
  }

  /** Something happened. Between faults it belongs to the one that began last, and stands below it. */
  readonly note = (text: string): void => {
    this.#line(this.#begun === 0 ? '' : '  ', plain(text));
  };

  /** A fault begins, or is over. `detail`: victims and lengths; empty where there are none. */
  readonly fault = (name: string, what: 'begin' | 'end', detail: string): void => {
    const { look, faults } = this.#options;
    if (what === 'end') {
      this.#line('  ', `${plain(name)} is over`);
      return;
    }
    this.#begun += 1;
    const place = faults === null ? `fault ${this.#begun}` : `fault ${this.#begun} of ${faults}`;
    const told = detail === '' ? plain(name) : `${plain(name)}, ${plain(detail)}`;
    this.#line('', `${painted(look, 'yellow', place)}: ${told}`);
  };

  /** What came of it: the figures beside their bounds, what was violated, the verdict, the report, and how to see it again. */
  readonly done = (run: RunDescription, verdict: Verdict, reportPath: string): void => {
    this.#output.write(`\n${formatOutcome(run, verdict, reportPath, this.#options.look)}\n`);
  };

  #line(indent: string, text: string): void {
    const { look, nowS } = this.#options;
    const time = painted(look, 'dim', `${nowS().toFixed(1).padStart(7)} s`);
    const lines = wrapped(`${time}  ${indent}${text}`, look.columns, INDENT + indent.length);
    this.#output.write(`${lines}\n`);
  }
}

/** The end of a timeline, as text. */
export function formatOutcome(run: RunDescription, verdict: Verdict, reportPath: string, look: Look): string {
  const mark = verdict.passed ? painted(look, 'green', '✓') : painted(look, 'red', '✗');
  const word = painted(look, verdict.passed ? 'green' : 'red', verdictWord(verdict));
  const messages = `${formatNumber(verdict.accepted)} messages accepted, ${counted(verdict.delivered, 'delivery', 'deliveries')}`;
  return [
    boundsTable(boundFigures(verdict), look),
    '',
    ...violationLines(verdict, look),
    wrapped(`${mark} ${word}. ${verdictSentence(verdict)} ${messages}.`, look.columns, 2),
    `  report  ${plain(reportPath)}`,
    `  again   ${plain(run.command)}`,
  ].join('\n');
}

function boundFigures({ figures }: Verdict): Figure[] {
  return figures.filter(({ most }) => most !== null);
}

function violationLines({ violations, violationCount }: Verdict, look: Look): string[] {
  const told = violations.slice(0, MOST_VIOLATIONS).map(({ kind, phase, text }) => {
    const where = phase === '' ? '' : ` (${plain(phase)})`;
    return wrapped(`${painted(look, 'red', `✗ ${kind}`)}${where}: ${plain(text)}`, look.columns, 2);
  });
  const more = violationCount - told.length;
  if (more > 0) told.push(`  … and ${formatNumber(more)} more`);
  return told.length === 0 ? [] : [...told, ''];
}
