import { decodeJson, encodeJson } from './json.ts';
import { patternOf } from './patterns.ts';
import { Multiple, runtime, toNumber, Walk, writeNumber } from './runtime.ts';
import { LuaTable, type LuaValue } from './table.ts';

function captures(found: RegExpExecArray, places: readonly boolean[]): LuaValue[] {
  if (places.length === 0) return [found[0]];
  return places.map((isPlace, i) => (isPlace ? (found.indices?.[i + 1]?.[0] ?? 0) + 1 : found[i + 1]));
}

function search(text: LuaValue, pattern: LuaValue, from = 0): LuaValue[] | undefined {
  const { expression, places } = patternOf(runtime.text(pattern));
  expression.lastIndex = from;
  const found = expression.exec(runtime.text(text));
  return found === null ? undefined : captures(found, places);
}

function* matches(text: string, pattern: string): Generator<LuaValue[]> {
  const { expression, places } = patternOf(pattern);
  for (const found of text.matchAll(expression)) yield captures(found, places);
}

/** Where a search begins, from Lua's first place counted from 1 or from the end. */
function startOf(text: string, place: LuaValue): number {
  const from = toNumber(place) ?? 1;
  return from > 0 ? from - 1 : Math.max(0, text.length + from);
}

function find(text: string, wanted: string, from: LuaValue, isPlain: LuaValue): LuaValue {
  const start = startOf(text, from);
  if (runtime.isTrue(isPlain)) {
    const at = text.indexOf(wanted, start);
    return at < 0 ? undefined : new Multiple([at + 1, at + wanted.length]);
  }
  const { expression } = patternOf(wanted);
  expression.lastIndex = start;
  const found = expression.exec(text);
  return found === null ? undefined : new Multiple([found.index + 1, found.index + found[0].length]);
}

function format(form: string, ...args: readonly LuaValue[]): string {
  let next = 0;
  return form.replace(
    /%([-0]*)(\d*)(?:\.(\d+))?([a-z%])/g,
    (_, flags: string, width: string, digits: string | undefined, kind: string) => {
      if (kind === '%') return '%';
      const written = writeOne(kind, args[next++], digits === undefined ? null : Number(digits));
      if (flags.includes('-')) return written.padEnd(Number(width));
      return written.padStart(Number(width), flags.includes('0') ? '0' : ' ');
    },
  );
}

function writeOne(kind: string, value: LuaValue, digits: number | null): string {
  switch (kind) {
    case 'd':
      return Math.trunc(runtime.number(value)).toFixed(0);
    case 'x':
      return Math.trunc(runtime.number(value)).toString(16);
    case 'f':
      return runtime.number(value).toFixed(digits ?? 6);
    case 's':
      return typeof value === 'string' || typeof value === 'number' ? runtime.text(value) : String(value);
    default:
      throw new SyntaxError(`%${kind} is not known here`);
  }
}

function slice(text: string, from: LuaValue, to: LuaValue = -1): string {
  const last = toNumber(to) ?? -1;
  return text.slice(startOf(text, from), last < 0 ? text.length + last + 1 : last);
}

function entriesOf(table: LuaValue): LuaTable {
  if (table instanceof LuaTable) return table;
  throw new TypeError('table expected');
}

/** Lua's own libraries as far as scripts use them; all but `redis`. */
export const LIBRARIES: Readonly<Record<string, LuaValue>> = Object.freeze({
  string: {
    byte(text: string, from: LuaValue = 1, to: LuaValue = from): LuaValue {
      const part = slice(runtime.text(text), from, to);
      return new Multiple(Array.from({ length: part.length }, (_, i) => part.charCodeAt(i)));
    },
    find: (text: LuaValue, wanted: LuaValue, from: LuaValue, isPlain: LuaValue) =>
      find(runtime.text(text), runtime.text(wanted), from, isPlain),
    format,
    gmatch: (text: LuaValue, pattern: LuaValue) => new Walk(matches(runtime.text(text), runtime.text(pattern))),
    match(text: LuaValue, pattern: LuaValue): LuaValue {
      const found = search(text, pattern);
      return found === undefined ? undefined : found.length === 1 ? found[0] : new Multiple(found);
    },
    sub: (text: LuaValue, from: LuaValue, to: LuaValue) => slice(runtime.text(text), from, to),
  },
  table: {
    concat: (table: LuaValue, by: LuaValue = '') => entriesOf(table).list.map(runtime.text).join(runtime.text(by)),
    remove(table: LuaValue, place: LuaValue): LuaValue {
      const { list } = entriesOf(table);
      return list.splice((toNumber(place) ?? list.length) - 1, 1)[0];
    },
  },
  math: {
    ceil: (value: LuaValue) => Math.ceil(runtime.number(value)),
    floor: (value: LuaValue) => Math.floor(runtime.number(value)),
    max: (...values: LuaValue[]) => Math.max(...values.map(runtime.number)),
    min: (...values: LuaValue[]) => Math.min(...values.map(runtime.number)),
    huge: Infinity,
  },
  cjson: { encode: encodeJson, decode: (text: LuaValue) => decodeJson(runtime.text(text)) },
  tonumber: toNumber,
  tostring: (value: LuaValue) => (typeof value === 'number' ? writeNumber(value) : String(value)),
  ipairs: (table: LuaValue) => new Walk(entriesOf(table).list.map((value, i) => [i + 1, value])),
  pairs: (table: LuaValue) => new Walk(entriesOf(table).entries()),
  next: (table: LuaValue) => new Multiple(entriesOf(table).entries()[0] ?? [undefined]),
  unpack: (table: LuaValue) => new Multiple(entriesOf(table).list),
});
