import { type Commands, pairsOf, type Reply, scanned, wholeNumber } from './command.ts';
import { type Keyspace, type Values } from './keyspace.ts';

/** Empty collections do not exist. */
function dropEmpty(keys: Keyspace, key: string, size: number): void {
  if (size === 0) keys.delete(key);
}

function setFields(keys: Keyspace, [key = '', ...flat]: readonly string[]): Reply {
  const pairs = pairsOf(flat);
  const hash = keys.open(key, 'hash');
  const before = hash.size;
  for (const [field, value] of pairs) hash.set(field, value);
  return hash.size - before;
}

function deleteFields(keys: Keyspace, [key = '', ...fields]: readonly string[]): Reply {
  const hash = keys.get(key, 'hash');
  if (hash === undefined) return 0;
  const deleted = fields.filter((field) => hash.delete(field)).length;
  dropEmpty(keys, key, hash.size);
  return deleted;
}

/** Places counted from the end where they are negative. */
function range<T>(items: readonly T[], from: string | undefined, to: string | undefined): T[] {
  const place = (text: string | undefined): number => {
    const at = wholeNumber(text);
    return at < 0 ? items.length + at : at;
  };
  return items.slice(Math.max(0, place(from)), place(to) + 1);
}

function take(keys: Keyspace, key: string, wanted: number): string[] {
  const set = keys.get(key, 'set');
  if (set === undefined) return [];
  const taken = [...set].slice(0, wanted);
  for (const member of taken) set.delete(member);
  dropEmpty(keys, key, set.size);
  return taken;
}

function removeMembers(keys: Keyspace, [key = '', ...members]: readonly string[]): Reply {
  const set = keys.get(key, 'set');
  if (set === undefined) return 0;
  const removed = members.filter((member) => set.delete(member)).length;
  dropEmpty(keys, key, set.size);
  return removed;
}

function hashOf(keys: Keyspace, key = ''): Values['hash'] {
  return keys.get(key, 'hash') ?? new Map<string, string>();
}

const HASHES: Commands = {
  HSET: setFields,
  HSETNX: (keys, [key = '', field = '', value = '']) =>
    hashOf(keys, key).has(field) ? 0 : setFields(keys, [key, field, value]),
  HGET: (keys, [key, field = '']) => hashOf(keys, key).get(field) ?? null,
  HMGET: (keys, [key, ...fields]) => fields.map((field) => hashOf(keys, key).get(field) ?? null),
  HGETALL: (keys, [key]) => [...hashOf(keys, key)].flat(),
  HKEYS: (keys, [key]) => [...hashOf(keys, key).keys()],
  HVALS: (keys, [key]) => [...hashOf(keys, key).values()],
  HLEN: (keys, [key]) => hashOf(keys, key).size,
  HEXISTS: (keys, [key, field = '']) => (hashOf(keys, key).has(field) ? 1 : 0),
  HDEL: deleteFields,
  HINCRBY: (keys, [key = '', field = '', by]) => {
    const sum = wholeNumber(hashOf(keys, key).get(field) ?? '0') + wholeNumber(by);
    keys.open(key, 'hash').set(field, String(sum));
    return sum;
  },
  HSCAN: (keys, [key, ...words]) => scanned([...hashOf(keys, key)], words),
};

const LISTS: Commands = {
  LLEN: (keys, [key = '']) => keys.get(key, 'list')?.length ?? 0,
  RPUSH: (keys, [key = '', ...texts]) => keys.open(key, 'list').push(...texts),
  LPOP: (keys, [key = '']) => {
    const list = keys.get(key, 'list');
    const text = list?.shift() ?? null;
    dropEmpty(keys, key, list?.length ?? 1);
    return text;
  },
  LINDEX: (keys, [key = '', place]) => range(keys.get(key, 'list') ?? [], place, place)[0] ?? null,
  LRANGE: (keys, [key = '', from, to]) => range(keys.get(key, 'list') ?? [], from, to),
};

const SETS: Commands = {
  SADD: (keys, [key = '', ...members]) => {
    const set = keys.open(key, 'set');
    const before = set.size;
    for (const member of members) set.add(member);
    return set.size - before;
  },
  SREM: removeMembers,
  SCARD: (keys, [key = '']) => keys.get(key, 'set')?.size ?? 0,
  SMEMBERS: (keys, [key = '']) => [...(keys.get(key, 'set') ?? [])],
  SISMEMBER: (keys, [key = '', member = '']) => (keys.get(key, 'set')?.has(member) === true ? 1 : 0),
  SMISMEMBER: (keys, [key = '', ...members]) =>
    members.map((member) => (keys.get(key, 'set')?.has(member) === true ? 1 : 0)),
  SPOP: (keys, [key = '', count]) => take(keys, key, wholeNumber(count)),
  SSCAN: (keys, [key = '', ...words]) =>
    scanned(
      [...(keys.get(key, 'set') ?? [])].map((member) => [member]),
      words,
    ),
};

/** Hashes, lists and sets. */
export const COLLECTION_COMMANDS: Commands = Object.freeze({ ...HASHES, ...LISTS, ...SETS });
