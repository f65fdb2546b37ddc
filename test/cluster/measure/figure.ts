/** What a figure is held against; null: it is only told. */
export type Bound = { readonly atMost: number } | { readonly atLeast: number } | null;

/** One line of the table. */
export interface Figure {
  /** What was measured, with its unit. */
  readonly what: string;
  readonly value: number;
  readonly bound: Bound;
  /** Shown when the bound is missed: what to look for. */
  readonly detail?: string;
  /** What a missed bound may come from that lies outside of what is tested. It is missed all the same, with a question mark. */
  readonly unmeasured?: string;
}

/** What a scenario came to. */
export interface Outcome {
  readonly scenario: string;
  readonly seconds: number;
  readonly figures: readonly Figure[];
  /** Why it could not be carried through; it has then failed. */
  readonly failure?: string;
  /** Why it was left out. */
  readonly skipped?: string;
}

/** Whether a figure keeps its bound. A figure that is no number keeps none. */
export function isWithin({ value, bound }: Figure): boolean {
  if (bound === null) return true;
  return 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast;
}

/** Whether a figure is beyond its bound for a reason that lies outside of what is tested. */
export function isUnmeasured(figure: Figure): boolean {
  return figure.unmeasured !== undefined && !isWithin(figure);
}

/** Whether a scenario kept all its bounds. */
export function hasPassed({ figures, failure }: Outcome): boolean {
  return failure === undefined && figures.every(isWithin);
}

/** What all scenarios come to, in a sentence or two, and each bound that was missed once more: few read the table above it. */
export function summaryOf(outcomes: readonly Outcome[]): string {
  const missed = outcomes.filter((outcome) => !hasPassed(outcome));
  if (missed.length === 0) return 'Every bound was kept.';
  const unmeasured = missed.flatMap(({ figures }) => figures.filter(isUnmeasured)).length;
  const names = missed.map(({ scenario }) => scenario).join(', ');
  const taken = unmeasured === 0 ? '' : ` ${unmeasured} of them while the host took the machine away (?).`;
  return [`Bounds were missed in: ${names}.${taken}`, ...missed.map(formatMissed)].join('\n');
}

function formatMissed({ figures, ...outcome }: Outcome): string {
  return formatOutcome({ ...outcome, figures: figures.filter((figure) => !isWithin(figure)) });
}

/** The table as text: for each scenario a line, below it one for each figure. */
export function formatTable(outcomes: readonly Outcome[]): string {
  return outcomes.map(formatOutcome).join('\n');
}

/** One scenario's part of the table. */
export function formatOutcome(outcome: Outcome): string {
  const { scenario, seconds, figures, failure, skipped } = outcome;
  if (skipped !== undefined) return `–  ${scenario}: left out, ${skipped}`;
  const head = `${hasPassed(outcome) ? '✓' : '✗'}  ${scenario} (${seconds.toFixed(0)} s)`;
  const lines = figures.flatMap(formatFigure);
  const fault = failure === undefined ? [] : [`   ✗ ${failure.replaceAll('\n', '\n     ')}`];
  return [head, ...lines.map((line) => line.trimEnd()), ...fault].join('\n');
}

function formatFigure(figure: Figure): string[] {
  const { what, value, detail = '' } = figure;
  const mark = isWithin(figure) ? ' ' : isUnmeasured(figure) ? '?' : '✗';
  const line = `   ${mark} ${what.padEnd(62)} ${shown(value).padStart(8)}  ${boundOf(figure)}`;
  if (isWithin(figure)) return [line];
  const more = [detail, figure.unmeasured ?? ''].filter((text) => text !== '');
  return [line, ...more.map((text) => `       ${text}`)];
}

function boundOf({ bound }: Figure): string {
  if (bound === null) return '';
  return 'atMost' in bound ? `≤ ${shown(bound.atMost)}` : `≥ ${shown(bound.atLeast)}`;
}

function shown(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
}
