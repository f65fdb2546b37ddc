import { type Keyspace, RedisError } from './keyspace.ts';

/** What Redis answers. */
export type Reply = string | number | null | readonly Reply[];

/** One command: its arguments are texts of one byte a character, the name left out. */
export type Command = (keys: Keyspace, args: readonly string[]) => Reply;

/** Some commands by their names. */
export type Commands = Readonly<Record<string, Command>>;

/** A whole number. @throws {RedisError} */
export function wholeNumber(text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || text === '' || !Number.isSafeInteger(value)) {
    throw new RedisError('ERR value is not an integer or out of range');
  }
  return value;
}

/** Pairs of a flat list. */
export function pairsOf(flat: readonly string[]): [string, string][] {
  if (flat.length === 0 || flat.length % 2 === 1) throw new RedisError('ERR wrong number of arguments');
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] ?? '', flat[2 * i + 1] ?? '']);
}

/**
 * One page of a scan: `COUNT` items from the cursor's place on. What is taken away between two pages may move others out of
 * sight, which Redis promises not to do; nothing here relies on that.
 */
export function scanned(items: readonly (readonly string[])[], [cursor = '0', ...words]: readonly string[]): Reply {
  const at = words.findIndex((word) => word.toUpperCase() === 'COUNT');
  const count = at < 0 ? 10 : wholeNumber(words[at + 1]);
  const from = wholeNumber(cursor);
  const next = from + count < items.length ? from + count : 0;
  return [String(next), items.slice(from, from + count).flat()];
}
