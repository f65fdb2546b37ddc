import { type Commands, type Reply, wholeNumber } from './command.ts';
import { type Keyspace, RedisError } from './keyspace.ts';

interface SetOptions {
  readonly isNew: boolean;
  readonly expiresAtMs: number | null;
}

function setOptions(keys: Keyspace, words: readonly string[]): SetOptions {
  let isNew = false;
  let expiresAtMs: number | null = null;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]?.toUpperCase();
    if (word === 'NX') isNew = true;
    else if (word === 'PX') expiresAtMs = keys.wallMs() + wholeNumber(words[++i]);
    else throw new RedisError('ERR syntax error');
  }
  return { isNew, expiresAtMs };
}

function set(keys: Keyspace, [key = '', text = '', ...words]: readonly string[]): Reply {
  const { isNew, expiresAtMs } = setOptions(keys, words);
  if (isNew && keys.has(key)) return null;
  keys.delete(key);
  keys.open(key, 'string').text = text;
  keys.expire(key, expiresAtMs);
  return 'OK';
}

/** Keys of any kind, and texts. */
export const BASIC_COMMANDS: Commands = Object.freeze({
  PING: () => 'PONG',
  GET: (keys, [key = '']) => keys.get(key, 'string')?.text ?? null,
  SET: set,
  DEL: (keys, args) => args.filter((key) => keys.delete(key)).length,
  EXISTS: (keys, args) => args.filter((key) => keys.has(key)).length,
  PEXPIRE: (keys, [key = '', ms]) => (keys.expire(key, keys.wallMs() + wholeNumber(ms)) ? 1 : 0),
  PERSIST: (keys, [key = '']) => (typeof keys.expiresAtMs(key) === 'number' && keys.expire(key, null) ? 1 : 0),
  PTTL: (keys, [key = '']) => {
    const atMs = keys.expiresAtMs(key);
    if (atMs === undefined) return -2;
    return atMs === null ? -1 : Math.max(0, Math.round(atMs - keys.wallMs()));
  },
  TIME: (keys) => {
    const micros = Math.floor(keys.wallMs() * 1_000);
    return [String(Math.floor(micros / 1_000_000)), String(micros % 1_000_000)];
  },
  FLUSHALL: (keys) => {
    keys.clear();
    return 'OK';
  },
  CONFIG: () => ['save', ''],
});
