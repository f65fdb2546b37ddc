import { type Commands, type Reply, scanned, wholeNumber } from './command.ts';
import { type Keyspace, RedisError } from './keyspace.ts';

/** Members by score, those of the same score by name. */
function ranked(keys: Keyspace, key: string): [string, number][] {
  return inOrder(keys.get(key, 'zset') ?? []);
}

function inOrder(scores: Iterable<[string, number]>): [string, number][] {
  return [...scores].sort(([a, inA], [b, inB]) => inA - inB || (a < b ? -1 : 1));
}

/** The scores of those that are in several are added up. */
function union(keys: Keyspace, [count, ...rest]: readonly string[]): Reply {
  const sums = new Map<string, number>();
  for (const key of rest.slice(0, wholeNumber(count))) {
    for (const [member, score] of keys.get(key, 'zset') ?? []) sums.set(member, (sums.get(member) ?? 0) + score);
  }
  return inOrder(sums).map(([member]) => member);
}

function scoreOf(text: string | undefined): number {
  if (text === '-inf') return -Infinity;
  if (text === '+inf' || text === 'inf') return Infinity;
  const score = Number(text);
  if (text === undefined || text === '' || Number.isNaN(score)) throw new RedisError('ERR value is not a valid float');
  return score;
}

function add(keys: Keyspace, [key = '', ...words]: readonly string[]): Reply {
  const first = words[0]?.toUpperCase();
  const only = first === 'NX' || first === 'XX' ? first : null;
  const flat = only === null ? words : words.slice(1);
  const known = keys.get(key, 'zset');
  let added = 0;
  for (let i = 0; i < flat.length; i += 2) {
    const [score, member = ''] = [scoreOf(flat[i]), flat[i + 1]];
    const isKnown = known?.has(member) === true;
    if ((only === 'NX' && isKnown) || (only === 'XX' && !isKnown)) continue;
    keys.open(key, 'zset').set(member, score);
    if (!isKnown) added += 1;
  }
  return added;
}

function remove(keys: Keyspace, key: string, members: readonly string[]): number {
  const zset = keys.get(key, 'zset');
  if (zset === undefined) return 0;
  const removed = members.filter((member) => zset.delete(member)).length;
  if (zset.size === 0) keys.delete(key);
  return removed;
}

function within(keys: Keyspace, key: string, least: string | undefined, most: string | undefined): [string, number][] {
  const [from, to] = [scoreOf(least), scoreOf(most)];
  return ranked(keys, key).filter(([, score]) => score >= from && score <= to);
}

function rangeByScore(keys: Keyspace, [key = '', least, most, ...words]: readonly string[]): Reply {
  const found = within(keys, key, least, most);
  const limit = words.findIndex((word) => word.toUpperCase() === 'LIMIT');
  const from = limit < 0 ? 0 : wholeNumber(words[limit + 1]);
  const taken = limit < 0 ? found : found.slice(from, from + wholeNumber(words[limit + 2]));
  const hasScores = words.some((word) => word.toUpperCase() === 'WITHSCORES');
  return hasScores ? taken.flatMap(([member, score]) => [member, String(score)]) : taken.map(([member]) => member);
}

/** Sorted sets. */
export const SORTED_SET_COMMANDS: Commands = Object.freeze({
  ZADD: add,
  ZREM: (keys, [key = '', ...members]) => remove(keys, key, members),
  ZCARD: (keys, [key = '']) => keys.get(key, 'zset')?.size ?? 0,
  ZSCORE: (keys, [key = '', member = '']) => {
    const score = keys.get(key, 'zset')?.get(member);
    return score === undefined ? null : String(score);
  },
  ZRANGE: (keys, [key = '']) => ranked(keys, key).map(([member]) => member),
  ZRANGEBYSCORE: rangeByScore,
  ZUNION: union,
  ZREMRANGEBYSCORE: (keys, [key = '', least, most]) =>
    remove(
      keys,
      key,
      within(keys, key, least, most).map(([member]) => member),
    ),
  ZSCAN: (keys, [key = '', ...words]) =>
    scanned(
      ranked(keys, key).map(([member, score]) => [member, String(score)]),
      words,
    ),
});
