import { randomUUID } from 'node:crypto';
import type { Append, Appended, EntryInput, LogKey, Notify, Store, Subscription } from '@flotilla-im/store';
import { encodeEntry } from '@flotilla-im/store';
import type { Position } from '@flotilla-im/protocol';

/** The inbox of a client. */
export function inbox(id: string): LogKey {
  return { kind: 'inbox', id };
}

/** The log of a channel. */
export function channel(id: string): LogKey {
  return { kind: 'channel', id };
}

/** A message; whatever is not said is ordinary. */
export function message(said: Partial<EntryInput> = {}): EntryInput {
  return { messageId: randomUUID(), from: 'bob', format: 'json', data: '{"text":"hi"}', excludeSender: false, ...said };
}

/** The position before the first message of a log, as the store names it. */
export async function startOf(store: Store, log: LogKey): Promise<Position> {
  return { generation: (await store.logs.meta(log)).life, offset: 0 };
}

/** Appends a message; whatever is not said is ordinary. */
export function append(
  store: Store,
  log: LogKey,
  said: Partial<EntryInput> = {},
  how: Partial<Omit<Append, 'log' | 'entry'>> = {},
): Promise<Appended> {
  return store.logs.append({ log, entry: encodeEntry(message(said)), notify: 'publish', ...how });
}

/** Registers a connection of a client with a shard, and resolves to its name. */
export async function connectClient(store: Store, clientId: string, shard: number): Promise<string> {
  const connection = randomUUID();
  const now = Date.now();
  const result = await store.presence.connect({
    clientId,
    connection,
    shard,
    incarnation: `life-of-${shard}`,
    device: null,
    token: { id: randomUUID(), issuedAtMs: now, expiresAtMs: now + 10_000 },
    replace: false,
    maxConnections: 10,
  });
  if (result.outcome !== 'connected') throw new Error(`${clientId} was refused: ${result.why}`);
  return connection;
}

/** What a shard heard so far. */
export interface Heard {
  readonly notifies: Notify[];
  /** Its durable notifies' items, flat. */
  readonly items: () => Extract<Notify, { type: 'durable' }>['items'];
  readonly connects: () => number;
  readonly disconnects: () => number;
  readonly subscription: Subscription;
}

/** Subscribes as a shard and remembers what comes. */
export async function listenAs(store: Store, shard: number): Promise<Heard> {
  const notifies: Notify[] = [];
  let connects = 0;
  let disconnects = 0;
  const subscription = await store.notify.subscribe(shard, {
    notify: (notify) => notifies.push(notify),
    connected: () => (connects += 1),
    disconnected: () => (disconnects += 1),
  });
  return {
    notifies,
    items: () => notifies.flatMap((notify) => (notify.type === 'durable' ? notify.items : [])),
    connects: () => connects,
    disconnects: () => disconnects,
    subscription,
  };
}
