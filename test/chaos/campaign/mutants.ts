import type { Mutant } from '../load/load.ts';
import type { Violation } from '../observer/verdict.ts';

interface Catch {
  /** What brings the mutant to light, as `--faults` names it. */
  readonly faults: string;
  /** One of these must be found. */
  readonly kinds: readonly Violation['kind'][];
}

/** What each mutant must be found by. */
export const CATCHES: Readonly<Record<Mutant, Catch>> = Object.freeze({
  drop: { faults: 'storm', kinds: ['lost'] },
  repeat: { faults: 'storm', kinds: ['duplicated'] },
  swap: { faults: 'storm', kinds: ['reordered'] },
  forge: { faults: 'storm', kinds: ['phantom'] },
  'forget-offline': { faults: 'leave-for-long', kinds: ['missing-presence'] },
  'invent-offline': { faults: 'storm', kinds: ['ghost', 'double-presence'] },
  'false-gap': { faults: 'storm', kinds: ['told-lost'] },
  'forget-gap': { faults: 'redis-flush', kinds: ['lost'] },
  'forget-loss': { faults: 'redis-flush', kinds: ['lost'] },
});

/** All of them, in the order they are tried. */
export const MUTANTS = Object.freeze(Object.keys(CATCHES) as Mutant[]);

/** Whether there is such a mutant. */
export function isMutant(name: string): name is Mutant {
  return MUTANTS.some((mutant) => mutant === name);
}
