import { writeFileSync } from 'node:fs';

/** Names the file that says how far a process's wall clock is beside the true one. */
export const CLOCK_VARIABLE = 'CHAOS_CLOCK_FILE';

/** The wall clock of one process, as it is to see it; a later life of the process sees the same. */
export interface ClockFile {
  readonly path: string;
  /** So many milliseconds beside the true one from now on. */
  shift(byMs: number): void;
}

/** A clock that begins with the true time. */
export function createClockFile(path: string): ClockFile {
  const shift = (byMs: number): void => writeFileSync(path, `${String(byMs)}\n`);
  shift(0);
  return { path, shift };
}
