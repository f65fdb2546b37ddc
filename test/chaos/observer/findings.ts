import type { ClientKind } from '../journal/record.ts';
import type { History } from './history/history.ts';
import type { Figure, Violation } from './verdict.ts';

/** At most so many violations of a kind are told of each phase, and so many in all; all are counted. */
const MOST_OF_A_KIND = 20;
const MOST_IN_ALL = 400;

/** What a kind of clients is called in figures and texts. */
export const KIND_NAMES: Readonly<Record<ClientKind, string>> = Object.freeze({
  v1: 'flotilla.v1',
  plain: 'plain',
  socketIo: 'Socket.IO',
});

/** What the judges found, phase by phase. */
export class Findings {
  readonly violations: Violation[] = [];
  readonly figures: Figure[] = [];
  violationCount = 0;
  readonly #history: Pick<History, 'phases' | 'beganMs'>;
  readonly #told = new Map<string, number>();
  /** Of each name, by phase. */
  readonly #counts = new Map<string, number[]>();

  constructor(history: Pick<History, 'phases' | 'beganMs'>) {
    this.#history = history;
  }

  /** Something that must not be happened, or should have, at this time. */
  violation(kind: Violation['kind'], tMs: number, text: string): void {
    this.violationIn(kind, this.#history.phases.indexAt(tMs), text);
  }

  /** The same, of a whole phase. */
  violationIn(kind: Violation['kind'], phase: number, text: string): void {
    this.violationCount += 1;
    const key = `${phase} ${kind}`;
    const told = (this.#told.get(key) ?? 0) + 1;
    this.#told.set(key, told);
    if (told > MOST_OF_A_KIND || this.violations.length >= MOST_IN_ALL) return;
    this.violations.push({ phase: this.#phaseName(phase), kind, text });
  }

  /** One more of what a figure counts, in the phase of this time. */
  count(name: string, tMs: number): void {
    const counts = this.#counts.get(name) ?? this.#history.phases.all.map(() => 0);
    this.#counts.set(name, counts);
    const phase = this.#history.phases.indexAt(tMs);
    counts[phase] = (counts[phase] ?? 0) + 1;
  }

  /** How many were counted in a phase. */
  counted(name: string, phase: number): number {
    return this.#counts.get(name)?.[phase] ?? 0;
  }

  /** @param most - what is allowed; null: told, not held against it. One beyond it is no violation yet. */
  figure(phase: number, name: string, value: number, unit: Figure['unit'], most: number | null): void {
    this.figures.push({ phase: this.#phaseName(phase), name, value: round(value), most, unit });
  }

  /** A time as it is told: seconds since the run began. */
  at(tMs: number): string {
    return `${((tMs - this.#history.beganMs) / 1_000).toFixed(3)} s`;
  }

  #phaseName(phase: number): string {
    return this.#history.phases.all[phase]?.name ?? 'run';
  }
}

/** To the microsecond where it is milliseconds. */
function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
