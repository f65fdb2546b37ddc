import { Problem } from './problem.ts';

/** Gives a start up when one of the parts cannot be started at all. */
export interface StartGuard {
  /** Tell it of every part that ended by itself. */
  readonly ended: (name: string, how: string) => void;
  /** Settles as the work does; rejects sooner when a part ended for the third time. */
  during<T>(work: Promise<T>): Promise<T>;
}

const ENOUGH = 3;

/**
 * Counts from now on.
 *
 * @param logOf - where a part's log is, as it is named to a person
 */
export function createStartGuard(logOf: (name: string) => string): StartGuard {
  const ends = new Map<string, number>();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting when it happens.
  failed.catch(() => {});
  return {
    ended(name, how) {
      const count = (ends.get(name) ?? 0) + 1;
      ends.set(name, count);
      if (count >= ENOUGH) reject(new Problem(`${name} does not start: it ${how}. ${logOf(name)} says why.`));
    },
    during: (work) => Promise.race([work, failed]),
  };
}
