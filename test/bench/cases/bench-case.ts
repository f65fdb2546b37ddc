import type { Figure } from '../measure/table.ts';

/** What every case is given. Processor 0 is the servers', processor 1 the load's, the senders' and Redis'. */
export interface BenchContext {
  readonly redisUrl: string;
  readonly redisPid: number;
  /** A short line about what goes on. */
  progress(text: string): void;
  /** Multiplies how long each measurement takes; 1 is the full bench. */
  readonly scale: number;
}

/** One case: starts what it measures, measures both sides one after the other, stops it all. */
export interface BenchCase {
  readonly name: string;
  run(context: BenchContext): Promise<Figure[]>;
}

/** The processor the measured servers are pinned to. */
export const SERVER_CPU = 0;

/** The processor of the load, the senders and Redis. */
export const LOAD_CPU = 1;

/** The middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? 0;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? 0)) / 2 : upper;
}
