import { readFileSync } from 'node:fs';

/**
 * The text of one atomic step.
 *
 * Run from sources it reads the file beside it. The build replaces this whole module with one that holds
 * every script as a string, so that a bundled application needs no file at run time.
 *
 * @param name - the file's name in `lua/` without its ending, for example `append`
 * @throws Error when there is no such script; a fault of this package, never of its caller
 */
export function luaSource(name: string): string {
  return readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');
}
