/** What a key holds. */
export interface Values {
  readonly string: { text: string };
  readonly hash: Map<string, string>;
  readonly list: string[];
  readonly set: Set<string>;
  readonly zset: Map<string, number>;
  readonly stream: Stream;
}

/** A stream's entries, oldest first, and the id given out last. */
export interface Stream {
  entries: { readonly id: string; readonly fields: readonly string[] }[];
  lastMs: number;
  lastNumber: number;
}

type Kind = keyof Values;

interface Slot {
  readonly kind: Kind;
  readonly value: Values[Kind];
  expiresAtMs: number | null;
}

/** An error that Redis answers with. */
export class RedisError extends Error {
  override readonly name = 'ReplyError';
}

const EMPTY: { readonly [K in Kind]: () => Values[K] } = {
  string: () => ({ text: '' }),
  hash: () => new Map<string, string>(),
  list: () => [],
  set: () => new Set<string>(),
  zset: () => new Map<string, number>(),
  stream: () => ({ entries: [], lastMs: 0, lastNumber: 0 }),
};

/** All keys of one Redis. Keys expire when they are looked for, by the clock given. */
export class Keyspace {
  readonly wallMs: () => number;
  #slots = new Map<string, Slot>();

  constructor(wallMs: () => number) {
    this.wallMs = wallMs;
  }

  /** What is there; undefined for nothing. @throws {RedisError} WRONGTYPE */
  get<K extends Kind>(key: string, kind: K): Values[K] | undefined {
    const slot = this.#slot(key);
    if (slot === undefined) return undefined;
    if (slot.kind !== kind) {
      throw new RedisError('WRONGTYPE Operation against a key holding the wrong kind of value');
    }
    return slot.value as Values[K];
  }

  /** What is there, made when nothing is. @throws {RedisError} WRONGTYPE */
  open<K extends Kind>(key: string, kind: K): Values[K] {
    const known = this.get(key, kind);
    if (known !== undefined) return known;
    const value = EMPTY[kind]();
    this.#slots.set(key, { kind, value, expiresAtMs: null });
    return value;
  }

  has(key: string): boolean {
    return this.#slot(key) !== undefined;
  }

  delete(key: string): boolean {
    return this.#slot(key) !== undefined && this.#slots.delete(key);
  }

  /** Null: never. False: there is no such key. */
  expire(key: string, atMs: number | null): boolean {
    const slot = this.#slot(key);
    if (slot === undefined) return false;
    slot.expiresAtMs = atMs;
    return true;
  }

  /** Undefined: there is no such key; null: it does not expire. */
  expiresAtMs(key: string): number | null | undefined {
    return this.#slot(key)?.expiresAtMs;
  }

  clear(): void {
    this.#slots.clear();
  }

  /** A copy that changes no more: what a replica has. */
  copy(): ReadonlyMap<string, Slot> {
    return structuredClone(this.#slots);
  }

  /** Goes on from a copy. */
  restore(copy: ReadonlyMap<string, Slot>): void {
    this.#slots = structuredClone(new Map(copy));
  }

  #slot(key: string): Slot | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    if (slot.expiresAtMs === null || slot.expiresAtMs > this.wallMs()) return slot;
    this.#slots.delete(key);
    return undefined;
  }
}
