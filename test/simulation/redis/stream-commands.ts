import { type Commands, type Reply, wholeNumber } from './command.ts';
import { type Keyspace, RedisError, type Stream } from './keyspace.ts';

type Id = readonly [ms: number, number: number];

function idOf(text: string, missing: number): Id {
  if (text === '-') return [0, 0];
  if (text === '+') return [Infinity, Infinity];
  const [ms, number] = text.split('-');
  return [wholeNumber(ms), number === undefined ? missing : wholeNumber(number)];
}

function compare([aMs, a]: Id, [bMs, b]: Id): number {
  return aMs - bMs || a - b;
}

function append(keys: Keyspace, args: readonly string[]): Reply {
  const [key = '', ...words] = args;
  let most = Infinity;
  if (words[0]?.toUpperCase() === 'MAXLEN') {
    words.shift();
    if (words[0] === '~') words.shift();
    most = wholeNumber(words.shift());
  }
  if (words.shift() !== '*') throw new RedisError('ERR syntax error');
  const stream = keys.open(key, 'stream');
  const id = nextId(stream, Math.floor(keys.wallMs()));
  stream.entries.push({ id, fields: words });
  if (stream.entries.length > most) stream.entries.splice(0, stream.entries.length - most);
  return id;
}

function nextId(stream: Stream, nowMs: number): string {
  if (nowMs > stream.lastMs) Object.assign(stream, { lastMs: nowMs, lastNumber: 0 });
  else stream.lastNumber += 1;
  return `${stream.lastMs}-${stream.lastNumber}`;
}

/** Entries between two ids, a `(` before the first one leaving it out. */
function between(keys: Keyspace, key: string, from: string, to: string): Stream['entries'] {
  const isOpen = from.startsWith('(');
  const [least, most] = [idOf(isOpen ? from.slice(1) : from, 0), idOf(to, Infinity)];
  return (keys.get(key, 'stream')?.entries ?? []).filter(({ id }) => {
    const own = idOf(id, 0);
    const order = compare(own, least);
    return (isOpen ? order > 0 : order >= 0) && compare(own, most) <= 0;
  });
}

function limited(entries: Stream['entries'], [, count]: readonly string[]): Reply {
  const taken = count === undefined ? entries : entries.slice(0, wholeNumber(count));
  return taken.map(({ id, fields }) => [id, fields]);
}

function trim(keys: Keyspace, [key = '', how, ...words]: readonly string[]): Reply {
  const stream = keys.get(key, 'stream');
  const least = words.at(-1);
  if (how?.toUpperCase() !== 'MINID' || least === undefined) throw new RedisError('ERR syntax error');
  if (stream === undefined) return 0;
  const before = stream.entries.length;
  stream.entries = stream.entries.filter(({ id }) => compare(idOf(id, 0), idOf(least, 0)) >= 0);
  return before - stream.entries.length;
}

/** Streams. What `MAXLEN ~` may leave standing is taken away at once. */
export const STREAM_COMMANDS: Commands = Object.freeze({
  XADD: append,
  XLEN: (keys, [key = '']) => keys.get(key, 'stream')?.entries.length ?? 0,
  XRANGE: (keys, [key = '', from = '-', to = '+', ...words]) => limited(between(keys, key, from, to), words),
  XREVRANGE: (keys, [key = '', to = '+', from = '-', ...words]) =>
    limited(between(keys, key, from, to).reverse(), words),
  XTRIM: trim,
});
