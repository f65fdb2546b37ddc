import { LuaTable, type LuaValue } from './table.ts';

/** What a function returned, where that is not one value. */
export class Multiple {
  readonly values: readonly LuaValue[];

  constructor(values: readonly LuaValue[]) {
    this.values = values;
  }
}

/** What a generic `for` walks over. Scripts use `ipairs`, `pairs` and `string.gmatch`, and nothing of their own. */
export class Walk {
  readonly steps: Iterable<readonly LuaValue[]>;

  constructor(steps: Iterable<readonly LuaValue[]>) {
    this.steps = steps;
  }
}

/** A number as Lua 5.1 writes it: `%.14g`. */
export function writeNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e14) return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const exponent = Number(value.toExponential(13).split('e')[1]);
  if (exponent >= -5 && exponent < 14) return String(Number(value.toPrecision(14)));
  const [digits = '', power = ''] = value.toExponential(13).split('e');
  const shown = digits.replace(/\.?0+$/, '');
  return `${shown}e${power.startsWith('-') ? '-' : '+'}${power.replace(/^[+-]/, '').padStart(2, '0')}`;
}

/** Lua's conversion of texts to numbers; nil where there is none. */
export function toNumber(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (!/^[+-]?(?:0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.test(text)) return undefined;
  return text.startsWith('-') ? -Number(text.slice(1)) : Number(text.replace(/^\+/, ''));
}

function comparable(a: LuaValue, b: LuaValue): void {
  if (typeof a === typeof b && (typeof a === 'number' || typeof a === 'string')) return;
  throw new TypeError(`attempt to compare ${typeof a} with ${typeof b}`);
}

/** What compiled scripts call. */
export const runtime = Object.freeze({
  Multiple,
  one: (value: LuaValue): LuaValue => (value instanceof Multiple ? value.values[0] : value),
  all: (value: LuaValue): readonly LuaValue[] => (value instanceof Multiple ? value.values : [value]),
  isTrue: (value: LuaValue): boolean => value !== undefined && value !== false,
  get(object: LuaValue, key: LuaValue): LuaValue {
    if (object instanceof LuaTable) return object.get(key);
    throw new TypeError(`attempt to index a ${typeof object}, field ${String(key)}`);
  },
  set(object: LuaValue, key: LuaValue, value: LuaValue): void {
    if (!(object instanceof LuaTable)) throw new TypeError(`attempt to index a ${typeof object}`);
    object.set(key, value);
  },
  length(value: LuaValue): number {
    if (typeof value === 'string') return value.length;
    if (value instanceof LuaTable) return value.list.length;
    throw new TypeError(`attempt to get length of a ${typeof value}`);
  },
  number(value: LuaValue): number {
    if (typeof value === 'number') return value;
    const read = toNumber(value);
    if (read === undefined) throw new TypeError(`attempt to perform arithmetic on a ${typeof value}`);
    return read;
  },
  text(value: LuaValue): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return writeNumber(value);
    throw new TypeError(`attempt to concatenate a ${typeof value}`);
  },
  modulo: (a: number, b: number): number => a - Math.floor(a / b) * b,
  lt(a: LuaValue, b: LuaValue): boolean {
    comparable(a, b);
    return (a as number) < (b as number);
  },
  le(a: LuaValue, b: LuaValue): boolean {
    comparable(a, b);
    return (a as number) <= (b as number);
  },
  table(list: LuaValue[], named: readonly (readonly [LuaValue, LuaValue])[]): LuaTable {
    const table = new LuaTable(list);
    for (const [key, value] of named) table.set(key, value);
    return table;
  },
  each(walk: LuaValue): Iterable<readonly LuaValue[]> {
    if (walk instanceof Walk) return walk.steps;
    throw new TypeError('scripts walk with ipairs, pairs and string.gmatch only');
  },
  global(globals: Readonly<Record<string, LuaValue>>, name: string): LuaValue {
    if (Object.hasOwn(globals, name)) return globals[name];
    throw new ReferenceError(`Script attempted to access nonexistent global variable '${name}'`);
  },
});
