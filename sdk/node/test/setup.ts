import { randomUUID } from 'node:crypto';
import { afterEach } from '@jest/globals';
import { homeTable, parsePosition, type ShardMap, slotRuns } from '@flotilla-im/protocol';
import { createMemoryStore, type Notify, type ShardReport, type Store } from '@flotilla-im/store';
import { createFlotilla, type Flotilla, type FlotillaOptions, type TokenKeySet } from '../src/index.ts';

/** Keys for tests. */
export const TOKEN_KEYS: TokenKeySet = {
  keys: [{ kty: 'oct', kid: 'a', alg: 'HS256', k: Buffer.alloc(32, 1).toString('base64url') }],
};

/** What a shard that does nothing in particular reports. */
export const REPORT: ShardReport = {
  state: 'up',
  connections: 0,
  guests: 0,
  delivered: 0,
  epoch: 1,
  pace: 2_000,
  version: '0.1.0',
  schema: 1,
};

const opened: Flotilla[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((im) => im.close()));
});

/** An instance over a store in memory, closed after the test. */
export async function setup(options: FlotillaOptions = {}) {
  const store = options.store ?? createMemoryStore({ cluster: 'chat' });
  const im = await createFlotilla({ tokenKeys: TOKEN_KEYS, ...options, store });
  opened.push(im);
  return { store, im, shard: await startFakeShard(store) };
}

/** Registers a shard and stands for its pod: connects clients, confirms messages, keeps what it was notified of. */
export async function startFakeShard(store: Store, shard = 0) {
  const incarnation = randomUUID();
  const heard: Notify[] = [];
  await store.leases.register(shard, incarnation, REPORT);
  const ignore = (): void => undefined;
  const notify = (each: Notify): void => void heard.push(each);
  await store.notify.subscribe(shard, { notify, connected: ignore, disconnected: ignore });
  const connect = async (clientId: string, more: { device?: string; metadata?: unknown } = {}): Promise<string> => {
    const connection = randomUUID();
    const at = Date.now();
    const result = await store.presence.connect({
      clientId,
      connection,
      shard,
      incarnation,
      device: more.device ?? null,
      token: { id: randomUUID(), issuedAtMs: at, expiresAtMs: at + 10_000 },
      ...(more.metadata === undefined ? {} : { metadata: JSON.stringify(more.metadata) }),
      replace: false,
      maxConnections: 10,
    });
    if (result.outcome !== 'connected') throw new Error(`refused: ${result.why}`);
    return connection;
  };
  const disconnect = (clientId: string, connection: string, graceMs = 0) =>
    store.presence.disconnect({ clientId, connection, incarnation, graceMs, reason: 'closed' });
  const confirm = (clientId: string, position: string | null) => {
    const inbox = parsePosition(position);
    if (inbox === null) throw new Error(`no position: ${String(position)}`);
    return store.presence.storeCursors(incarnation, [{ clientId, cursors: { device: null, inbox } }]);
  };
  return { shard, incarnation, heard, connect, disconnect, confirm };
}

/** A map of so many shards, in which every shard is at home. */
export function mapOf(shards: number, epoch: number): ShardMap {
  const table = slotRuns(homeTable(shards));
  const entries = Array.from({ length: shards }, (_, id) => ({
    id,
    url: `ws://127.0.0.1:7000/s/${id}`,
    state: 'up' as const,
  }));
  return { schema: 1, compatible: 1, epoch, shards: entries, home: table, owner: table };
}

/** A store of which some methods are replaced. */
export function storeWith(store: Store, parts: { readonly [P in keyof Store]?: Partial<Store[P]> }): Store {
  const replaced = Object.entries(parts).map(([name, methods]) => {
    const part = (store as unknown as Record<string, object>)[name] ?? {};
    return [name, Object.assign(Object.create(part) as object, bound(part), methods)];
  });
  return Object.assign(Object.create(store) as object, bound(store), Object.fromEntries(replaced)) as Store;
}

/** Methods that may use private fields, tied to their object. */
function bound(object: object): Record<string, unknown> {
  const names = new Set<string>();
  for (
    let each: object | null = object;
    each && each !== Object.prototype;
    each = Object.getPrototypeOf(each) as object | null
  ) {
    for (const name of Object.getOwnPropertyNames(each)) names.add(name);
  }
  names.delete('constructor');
  return Object.fromEntries(
    [...names].map((name) => {
      const value = (object as Record<string, unknown>)[name];
      return [name, typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(object) : value];
    }),
  );
}

/** Waits until something holds, asking every few milliseconds. */
export async function eventually(check: () => void | Promise<void>, withinMs = 15_000): Promise<void> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > untilMs) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Whatever needs no timer has happened: so many turns of the event loop, however long they last. */
export async function settled(turns = 50): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** The shortest of three tries, in milliseconds: what a busy machine does to one of them says nothing. */
export async function fastestMs(attempt: () => Promise<void>): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const startedMs = performance.now();
    await attempt();
    fastest = Math.min(fastest, performance.now() - startedMs);
  }
  return fastest;
}

/** The first `count` items, or fewer at the end. */
export async function take<T>(items: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  if (count === 0) return taken;
  for await (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}
