/** A fault planted in production code, which some schedule must bring to light. */
export interface Mutant {
  readonly name: string;
  /** From the project's folder. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Faults of the kinds that the promises are about. */
export const MUTANTS: readonly Mutant[] = Object.freeze([]);
