import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { luaSource, replaceLua } from './network/lua-source.ts';
import { type Mutant, MUTANTS } from './mutants.ts';

const ROOT = new URL('../../', import.meta.url).href;
const LUA_SOURCE = `${ROOT}sdk/store/src/lua-source.ts`;
/** The operator makes this table in each pass, which in reality is a millisecond in each quarter of a second. */
const KEPT_TABLES: Mutant = {
  name: 'kept tables',
  file: 'sdk/protocol/src/slots.ts',
  find: 'export function homeTable(shardCount: number): Uint16Array {',
  replace: `const tables = new Map<number, Uint16Array>();
export function homeTable(shardCount: number): Uint16Array {
  let table = tables.get(shardCount);
  if (table === undefined) tables.set(shardCount, (table = newTable(shardCount)));
  return table.slice();
}
function newTable(shardCount: number): Uint16Array {`,
};
/**
 * Most of what a shard does by itself is to look at each partition; 32 are looked at as 256 are, and cost an eighth. No fewer:
 * the reaper takes so many at a time.
 */
const FEWER: Mutant = {
  name: 'fewer partitions',
  file: 'sdk/store/src/partition.ts',
  find: 'PARTITION_COUNT = 256',
  replace: 'PARTITION_COUNT = 32',
};

const STAND_INS: Readonly<Record<string, string>> = {
  ioredis: new URL('./network/ioredis.ts', import.meta.url).href,
  [LUA_SOURCE]: new URL('./network/lua-source.ts', import.meta.url).href,
};

/**
 * Has production code find the world's Redis in the place of `ioredis`, and, where a mutant is named, a fault in one of its
 * files. To be called before any of it is loaded.
 *
 * @throws RangeError for a mutant that is not known; Error when its place in the source is not there any more
 */
export function installHooks(mutantName: string | undefined): void {
  const mutant = mutantName === undefined ? null : mutantOf(mutantName);
  if (mutant?.file.endsWith('.lua') === true) {
    const name = basename(mutant.file, '.lua');
    replaceLua(name, changed(mutant, luaSource(name)));
  }
  registerHooks({
    resolve(specifier, context, next) {
      const own = STAND_INS[specifier];
      if (own !== undefined) return { url: own, shortCircuit: true };
      const resolved = next(specifier, context);
      const other = STAND_INS[resolved.url];
      return other === undefined ? resolved : { ...resolved, url: other };
    },
    load(url, context, next) {
      const change = [FEWER, KEPT_TABLES, mutant].find((one) => one !== null && url === ROOT + one.file) ?? null;
      if (change === null) return next(url, context);
      const source = changed(change, readFileSync(fileURLToPath(url), 'utf8'));
      return { format: 'module-typescript', source, shortCircuit: true };
    },
  });
}

function mutantOf(name: string): Mutant {
  const mutant = MUTANTS.find((known) => known.name === name);
  if (mutant === undefined) throw new RangeError(`there is no mutant ${name}`);
  return mutant;
}

function changed({ name, file, find, replace }: Mutant, text: string): string {
  if (text.split(find).length !== 2) throw new Error(`${file} has not exactly one place for: ${name}`);
  return text.replace(find, () => replace);
}
