import { encodeEntry, type ConnectRequest, type ConnectResult, type Store } from '@flotilla-im/store';
import type { Position } from '@flotilla-im/protocol';

/** A connect that succeeded. */
export type Connected = Extract<ConnectResult, { outcome: 'connected' }>;

let made = 0;

/** A request of a client that nothing is special about; each has a token and a connection of its own. */
export function connectRequest(clientId: string, changes: Partial<ConnectRequest> = {}): ConnectRequest {
  made += 1;
  const nowMs = Date.now();
  return {
    clientId,
    connection: `connection-${made}`,
    shard: 0,
    incarnation: 'first-life',
    device: null,
    token: { id: `token-${made}`, issuedAtMs: nowMs, expiresAtMs: nowMs + 10_000 },
    replace: false,
    maxConnections: 32,
    ...changes,
  };
}

/** Connects, and fails when that is refused. */
export async function connect(
  store: Store,
  clientId: string,
  changes: Partial<ConnectRequest> = {},
): Promise<Connected & { connection: string }> {
  const request = connectRequest(clientId, changes);
  const result = await store.presence.connect(request);
  if (result.outcome === 'refused') throw new Error(`refused: ${result.why}`);
  return { ...result, connection: request.connection };
}

/** Ends a connection of the incarnation that `connectRequest` names; graceMs 0 unless told otherwise. */
export async function disconnect(
  store: Store,
  clientId: string,
  connection: string,
  changes: Partial<Parameters<Store['presence']['disconnect']>[0]> = {},
): Promise<'disconnected' | 'fenced'> {
  const request = { clientId, connection, incarnation: 'first-life', graceMs: 0, reason: '', ...changes };
  return store.presence.disconnect(request);
}

/** Puts a message into a client's inbox or a channel's log and returns its position. */
export async function append(
  store: Store,
  kind: 'inbox' | 'channel',
  id: string,
  { receipt = false, text = 'hello' }: { receipt?: boolean; text?: string } = {},
): Promise<Position> {
  made += 1;
  const input = { messageId: `message-${made}`, from: 'bob', format: 'json', excludeSender: false } as const;
  const entry = encodeEntry({ ...input, data: JSON.stringify(text) });
  return (await store.logs.append({ log: { kind, id }, entry, notify: 'publish', receipt })).position;
}

/** Types of the presence events of a client so far, for example `['online', 'connected']`. */
export async function presenceEvents(store: Store, clientId: string): Promise<string[]> {
  const { items } = await store.events.tail('presence', {});
  return items.flatMap(({ event }) => (event.clientId === clientId ? [event.type] : []));
}
