import type { Column } from './history/column.ts';
import { floatColumn } from './history/column.ts';
import type { History } from './history/history.ts';
import { DeliveryGaps } from './delivery-gaps.ts';

const SECOND_MS = 1_000;

/** How many deliveries there were, and how long they took: by second and by phase. */
export class Measures {
  readonly gaps: DeliveryGaps;
  /** Deliveries of each second of the run. */
  readonly deliveries: number[] = [];
  readonly #history: Pick<History, 'beganMs' | 'phases'>;
  readonly #bySecond: Column<Float64Array>[] = [];
  readonly #byPhase: Column<Float64Array>[] = [];
  deliveredCount = 0;

  constructor(history: Pick<History, 'beganMs' | 'phases' | 'epochsMs'>) {
    this.#history = history;
    this.gaps = new DeliveryGaps(history);
  }

  /** A message came for the first time. */
  delivered(tMs: number): void {
    this.deliveredCount += 1;
    const second = this.secondOf(tMs);
    this.deliveries[second] = (this.deliveries[second] ?? 0) + 1;
  }

  /** It took so long to a client who could get it all the while. */
  latency(tMs: number, ms: number): void {
    (this.#bySecond[this.secondOf(tMs)] ??= floatColumn()).push(ms);
    (this.#byPhase[this.#history.phases.indexAt(tMs)] ??= floatColumn()).push(ms);
  }

  /** Which second of the run it is, from 0 on. */
  secondOf(tMs: number): number {
    return Math.max(0, Math.floor((tMs - this.#history.beganMs) / SECOND_MS));
  }

  /** Percentiles of the latencies of a second; null where there are none. */
  latencyInSecond(second: number): Percentiles | null {
    return percentilesIn(this.#bySecond[second]);
  }

  /** The same of a phase, by its place. */
  latencyInPhase(phase: number): Percentiles | null {
    return percentilesIn(this.#byPhase[phase]);
  }
}

/** In milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Of some values; null where there are none. Sorts them in place. */
export function percentilesOf(values: Float64Array): Percentiles | null {
  if (values.length === 0) return null;
  values.sort();
  const quantile = (share: number): number => values[Math.ceil(share * values.length) - 1] ?? NaN;
  return { p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) };
}

function percentilesIn(column: Column<Float64Array> | undefined): Percentiles | null {
  return column === undefined ? null : percentilesOf(column.values());
}
