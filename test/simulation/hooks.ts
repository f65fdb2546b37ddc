import { registerHooks } from 'node:module';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Mutant, MUTANTS } from './mutants.ts';

const ROOT = new URL('../../', import.meta.url).href;
const REDIS_CLIENT = new URL('./network/ioredis.ts', import.meta.url).href;

/**
 * Has production code find the world's Redis in the place of `ioredis`, and, where a mutant is named, a fault in one of its
 * files. To be called before any of it is loaded.
 *
 * @throws RangeError for a mutant that is not known; Error when its place in the source is not there any more
 */
export function installHooks(args: readonly string[]): void {
  const at = args.indexOf('--mutant');
  const mutant = at < 0 ? null : mutantOf(args[at + 1] ?? '');
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'ioredis' ? { url: REDIS_CLIENT, shortCircuit: true } : next(specifier, context),
    load: (url, context, next) => {
      if (mutant === null || url !== ROOT + mutant.file) return next(url, context);
      const text = readFileSync(fileURLToPath(url), 'utf8');
      if (!text.includes(mutant.find)) throw new Error(`${mutant.file} has no place for the mutant any more`);
      const source = text.replace(mutant.find, () => mutant.replace);
      return { format: 'module-typescript', source, shortCircuit: true };
    },
  });
}

function mutantOf(name: string): Mutant {
  const mutant = MUTANTS.find((known) => known.name === name);
  if (mutant === undefined) throw new RangeError(`there is no mutant ${name}`);
  return mutant;
}
