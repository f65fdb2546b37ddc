import { luaSource } from '../lua-source.ts';

const INCLUDE = /^-- @include ([a-z-]+)$/gm;

/**
 * The text of one atomic step with its parts put in: a line `-- @include include-events` stands for `lua/include-events.lua`.
 * Parts are put in once, in the order named, and may include others.
 *
 * @param name - the file's name in `lua/` without its ending
 * @throws Error when a file is missing; a fault of this package, never of its caller
 */
export function scriptText(name: string): string {
  const included = new Set<string>();
  const expand = (text: string): string =>
    text.replace(INCLUDE, (_line, part: string) => {
      if (included.has(part)) return '';
      included.add(part);
      return expand(luaSource(part).trimEnd());
    });
  return expand(luaSource(name));
}
