import { LuaTable, type LuaValue } from './table.ts';
import { writeNumber } from './runtime.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** As `cjson.encode` of Redis does, escaped slashes and all; an empty table is an object. */
export function encodeJson(value: LuaValue): string {
  if (typeof value === 'string') return `"${value.replace(/["\\/\0-\x1f\x7f]/g, escaped)}"`;
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'boolean') return String(value);
  if (!(value instanceof LuaTable)) return 'null';
  if (value.isList) return `[${value.list.map(encodeJson).join(',')}]`;
  const members = value.entries().map(([key, one]) => `${encodeJson(String(key))}:${encodeJson(one)}`);
  return `{${members.join(',')}}`;
}

function escaped(character: string): string {
  return ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** As `cjson.decode` does. Texts of Lua hold bytes, so what JSON holds is written as UTF-8. */
export function decodeJson(text: string): LuaValue {
  return toLua(JSON.parse(Buffer.from(text, 'latin1').toString()));
}

function toLua(value: unknown): LuaValue {
  if (typeof value === 'string') return Buffer.from(value).toString('latin1');
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  if (Array.isArray(value)) return new LuaTable(value.map(toLua));
  const table = new LuaTable();
  for (const [key, one] of Object.entries(value)) table.set(Buffer.from(key).toString('latin1'), toLua(one));
  return table;
}
