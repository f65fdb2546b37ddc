import { readFileSync } from 'node:fs';

/*
 * What stands in for the store's `lua-source.ts`, as another module does in what is built: the same texts, read once for all
 * worlds instead of once a store.
 */

const FOLDER = new URL('../../../sdk/store/src/lua/', import.meta.url);
const texts = new Map<string, string>();

/** The text of one atomic step. */
export function luaSource(name: string): string {
  let text = texts.get(name);
  if (text === undefined) texts.set(name, (text = readFileSync(new URL(`${name}.lua`, FOLDER), 'utf8')));
  return text;
}

/** Has a text replaced, by a mutant. */
export function replaceLua(name: string, text: string): void {
  texts.set(name, text);
}
