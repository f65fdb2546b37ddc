import type { Excuse, Phase } from '../../journal/record.ts';

/** A stretch of the run. Its excuses hold to its end. */
export interface PhaseSpan {
  readonly name: string;
  readonly fromMs: number;
  /** Infinity for the last one: who leaves at the end does so in it. */
  readonly toMs: number;
  readonly excuses: readonly Excuse[];
}

/** A time from one moment to before another. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The run's phases, one after the other. What came before the first one, connecting, belongs to it. */
export class Phases {
  readonly all: readonly PhaseSpan[];

  /** A run without any is one phase, `run`, that excuses nothing. */
  constructor(records: readonly Phase[]) {
    const known = records.toSorted((a, b) => a[1] - b[1]);
    const spans = known.map(([, fromMs, , name, excuses], i) => {
      return { name, fromMs, toMs: known[i + 1]?.[1] ?? Infinity, excuses };
    });
    this.all = spans.length > 0 ? spans : [{ name: 'run', fromMs: -Infinity, toMs: Infinity, excuses: [] }];
  }

  /** Place of the phase that a moment is in. */
  indexAt(tMs: number): number {
    let [low, high] = [0, this.all.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.all[middle]?.fromMs ?? NaN) <= tMs) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Whether an excuse holds in a phase. */
  has(index: number, excuse: Excuse): boolean {
    return this.all[index]?.excuses.includes(excuse) ?? false;
  }

  /** Whether an excuse holds at any moment from one time to another. */
  isExcused(excuse: Excuse, fromMs: number, toMs: number): boolean {
    const last = this.indexAt(toMs);
    for (let index = this.indexAt(fromMs); index <= last; index += 1) if (this.has(index, excuse)) return true;
    return false;
  }

  /** When an excuse holds: phases that follow each other are one span. */
  spansOf(excuse: Excuse): Span[] {
    const spans: Span[] = [];
    for (const { fromMs, toMs, excuses } of this.all) {
      if (!excuses.includes(excuse)) continue;
      const last = spans.at(-1);
      if (last?.toMs === fromMs) spans[spans.length - 1] = { fromMs: last.fromMs, toMs };
      else spans.push({ fromMs, toMs });
    }
    return spans;
  }
}
