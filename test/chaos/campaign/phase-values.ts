import type { Verdict } from '../observer/verdict.ts';

/** The values that a series had in a phase; empty where there is no such series or phase. Gaps are left out. */
export function valuesInPhase({ phases, series }: Verdict, seriesName: string, phaseName: string): number[] {
  const phase = phases.find(({ name }) => name === phaseName);
  const found = series.find(({ name }) => name === seriesName);
  if (phase === undefined || found === undefined) return [];
  const isWithin = (second: number): boolean => second >= phase.fromS && second <= phase.toS;
  return found.values.filter((value, i) => value !== null && isWithin(found.seconds[i] ?? NaN)) as number[];
}

/** The middle one; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? NaN;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
