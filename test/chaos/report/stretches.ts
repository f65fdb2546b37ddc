import type { FaultSpan, Figure, Verdict, Violation } from '../observer/verdict.ts';
import { isMissed } from './quantities.ts';

/** A fault with its place in the run: 1, 2, 3, … by its beginning. */
export interface NumberedFault extends FaultSpan {
  readonly number: number;
}

/** A stretch of the run: the phase (its detail names excuses), the faults that began in it, what was found in it. */
export interface Stretch extends FaultSpan {
  readonly faults: readonly NumberedFault[];
  readonly figures: readonly Figure[];
  readonly violations: readonly Violation[];
}

/** The faults by their beginning. */
export function numberedFaults({ faults }: Verdict): NumberedFault[] {
  return faults.toSorted((a, b) => a.fromS - b.fromS).map((fault, index) => ({ ...fault, number: index + 1 }));
}

/** The phases in their order; a fault that began in none of them is a stretch of its own. */
export function stretchesOf(verdict: Verdict): Stretch[] {
  const faults = numberedFaults(verdict);
  const phases = verdict.phases.map((phase) => stretchOf(verdict, phase, faults.filter(begunIn(phase))));
  const strays = faults.filter((fault) => !verdict.phases.some((phase) => begunIn(phase)(fault)));
  return [...phases, ...strays.map((fault) => stretchOf(verdict, { ...fault, detail: '' }, [fault]))].toSorted(
    (a, b) => a.fromS - b.fromS,
  );
}

function stretchOf(verdict: Verdict, span: FaultSpan, faults: readonly NumberedFault[]): Stretch {
  const { name, detail, fromS, toS } = span;
  const figures = verdict.figures.filter(({ phase }) => phase === name);
  return {
    name,
    detail,
    fromS,
    toS,
    faults,
    figures,
    violations: verdict.violations.filter(({ phase }) => phase === name),
  };
}

/** Journals are stamped to the millisecond: what begins with its phase may be stamped just before it. */
const SAME_MOMENT_S = 0.05;

function begunIn({ fromS, toS }: FaultSpan): (fault: FaultSpan) => boolean {
  return (fault) => fault.fromS >= fromS - SAME_MOMENT_S && fault.fromS < toS - SAME_MOMENT_S;
}

/** Whether something in it was not as it must be. */
export function hasFailed({ figures, violations }: Pick<Stretch, 'figures' | 'violations'>): boolean {
  return violations.length > 0 || figures.some(isMissed);
}

/** Whether there is something to tell of it: not of the moment before the load begins. */
export function isTold(stretch: Stretch): boolean {
  return stretch.faults.length > 0 || hasFailed(stretch) || stretch.figures.some(({ value }) => value !== 0);
}

/** Figures of the run as a whole: their phase is none of the phases. */
export function figuresOfRun({ figures, phases }: Verdict): Figure[] {
  const names = new Set(phases.map(({ name }) => name));
  return figures.filter(({ phase }) => !names.has(phase));
}

/** What must never happen to a message, and how often it did. */
export interface Tally {
  readonly kind: 'lost' | 'duplicated' | 'reordered' | 'phantom';
  /** Held against the system. */
  readonly count: number;
  /** Made unavoidable by a fault, so told only. */
  readonly excused: number;
}

/** The four counts of the verdict, from the figures that are named after them. */
export function tallies(verdict: Verdict): Tally[] {
  return (['lost', 'duplicated', 'reordered', 'phantom'] as const).map((kind) => {
    const named = ({ name }: Figure): boolean =>
      name === kind || name.startsWith(`${kind},`) || name.startsWith(`${kind} `);
    const ofRun = figuresOfRun(verdict).filter(named);
    const figures = ofRun.length > 0 ? ofRun : verdict.figures.filter(named);
    const sum = (isHeld: boolean): number =>
      figures.filter(({ most }) => (most !== null) === isHeld).reduce((total, { value }) => total + value, 0);
    const seen = verdict.violations.filter((violation) => violation.kind === kind).length;
    return { kind, count: Math.max(sum(true), seen), excused: sum(false) };
  });
}
