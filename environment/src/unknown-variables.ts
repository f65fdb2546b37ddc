const PREFIX = 'FLOTILLA_';
/** One letter of four may be wrong, three at most: further away it may well be somebody else's variable. */
const LETTERS_A_FAULT = 4;
const MOST_FAULTS = 3;

/** A variable that nobody reads, and the one that was probably meant. */
export interface UnknownVariable {
  readonly variable: string;
  readonly nearest: string;
}

/**
 * Variables that look like misspelt ones of ours. Others are left alone: Kubernetes makes some for a Service called
 * `flotilla`, and an environment may be shared with other parts.
 */
export function unknownVariables(
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): UnknownVariable[] {
  return Object.keys(environment)
    .filter((variable) => variable.toUpperCase().startsWith(PREFIX) && !known.includes(variable))
    .sort()
    .flatMap((variable) => {
      const nearest = nearestTo(variable, known);
      return nearest === null ? [] : [{ variable, nearest }];
    });
}

function nearestTo(variable: string, known: readonly string[]): string | null {
  let nearest: string | null = null;
  let least = Math.min(MOST_FAULTS, Math.ceil((variable.length - PREFIX.length) / LETTERS_A_FAULT)) + 1;
  for (const name of known) {
    const distance = distanceBetween(variable.toUpperCase(), name);
    if (distance >= least) continue;
    least = distance;
    nearest = name;
  }
  return nearest;
}

/** Letters to insert, remove, replace or exchange with their neighbour (optimal string alignment). */
function distanceBetween(one: string, other: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      const isExchange = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const exchanged = isExchange ? (before[j - 2] ?? 0) + 1 : Infinity;
      row[j] = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + change, exchanged);
    }
    before = previous;
    previous = row;
  }
  return previous[other.length] ?? 0;
}
