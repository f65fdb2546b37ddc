/** Any value of Lua; nil is undefined, texts hold one byte a character. */
export type LuaValue = unknown;

/** A Lua table: a list without holes from 1 on, and the rest. */
export class LuaTable {
  readonly list: LuaValue[];
  #rest: Map<LuaValue, LuaValue> | null = null;

  constructor(list: LuaValue[] = []) {
    this.list = list;
    this.#trim();
  }

  get(key: LuaValue): LuaValue {
    if (typeof key === 'number' && key >= 1 && key <= this.list.length) return this.list[key - 1];
    return this.#rest?.get(key);
  }

  set(key: LuaValue, value: LuaValue): void {
    if (key === undefined) throw new TypeError('table index is nil');
    const { list } = this;
    if (typeof key === 'number' && key >= 1 && key <= list.length + 1 && Number.isInteger(key)) {
      list[key - 1] = value;
      if (key === list.length) this.#settle(value);
    } else if (value === undefined) this.#rest?.delete(key);
    else (this.#rest ??= new Map<LuaValue, LuaValue>()).set(key, value);
  }

  /** Keys and values, as they are at the call. */
  entries(): [LuaValue, LuaValue][] {
    const listed = this.list.flatMap((value, i): [LuaValue, LuaValue][] =>
      value === undefined ? [] : [[i + 1, value]],
    );
    return [...listed, ...(this.#rest ?? [])];
  }

  /** Keys are texts only. */
  get isList(): boolean {
    return (this.#rest?.size ?? 0) === 0 && this.list.length > 0;
  }

  #settle(value: LuaValue): void {
    if (value === undefined) this.#trim();
    for (let next = this.#rest?.get(this.list.length + 1); next !== undefined;) {
      this.#rest?.delete(this.list.length + 1);
      this.list.push(next);
      next = this.#rest?.get(this.list.length + 1);
    }
  }

  #trim(): void {
    const { list } = this;
    while (list.length > 0 && list[list.length - 1] === undefined) list.pop();
  }
}
