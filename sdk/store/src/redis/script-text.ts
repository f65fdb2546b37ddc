import { luaSource } from '../lua-source.ts';

const INCLUDE = /^-- @include ([a-z-]+)$/gm;

/**
 * The text of one atomic step with its parts put in: a line `-- @include include-events` stands for `lua/include-events.lua`.
 * Parts are put in once and in the order named; a part includes nothing itself.
 *
 * @param name - the file's name in `lua/` without its ending
 * @throws Error when a file is missing; a fault of this package, never of its caller
 */
export function scriptText(name: string): string {
  return luaSource(name).replace(INCLUDE, (_line, part: string) => luaSource(part).trimEnd());
}
