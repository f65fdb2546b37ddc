import type { Chance } from '../../simulation/platform/chance.ts';

/** All of them in an order that chance decides (Fisher and Yates). */
export function shuffled<T>(all: readonly T[], chance: Chance): T[] {
  const left = [...all];
  return all.map(() => left.splice(chance.below(left.length), 1)[0] as T);
}
