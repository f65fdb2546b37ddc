import { FlotillaError, LOG_START } from '@flotilla-im/protocol';
import { restoreMemberships } from './memory-channels.ts';
import { causeOf, memoryClientState, type MemoryClient, type MemoryClients, presenceEvent } from './memory-clients.ts';
import { makeRoomForDevice, mergeCursors } from './memory-cursors.ts';
import { type MemoryState, tellShards } from './memory-state.ts';
import type {
  AssertedConnection,
  ConnectRequest,
  ConnectResult,
  ConnectionEntry,
  DisconnectRequest,
  PresenceStore,
} from './presence.ts';
import { REPLACED_REASON } from './presence.ts';
import type { CompiledStateOptions } from './state-options.ts';

type Refusal = Extract<ConnectResult, { outcome: 'refused' }>['why'];

/** How long a token counts as spent after it expired, milliseconds. */
const SPENT_MS = 60_000;

/** How long a connect or reassert may be on its way after its connection was given up, milliseconds. */
const LATE_MS = 600_000;

/** What connections share beside the state: who is online, in grace (until when), and fenced. */
export interface MemoryPresence {
  readonly state: MemoryState;
  readonly clients: MemoryClients;
  readonly options: CompiledStateOptions;
  readonly online: Set<string>;
  readonly grace: Map<string, number>;
  readonly fenced: Set<string>;
}

/** Tells of a presence event. */
export function tell(
  { state, clients }: MemoryPresence,
  type: 'online' | 'offline' | 'connected' | 'disconnected',
  clientId: string,
  cause: ReturnType<typeof causeOf>,
): void {
  const { metadata } = clients.of(clientId);
  state.links.emit('presence', presenceEvent(type, clientId, cause, state.now(), metadata));
}

/** Connections that count and can be replaced: not this one, not the one it continues, none on its way out. */
function countedOthers(request: ConnectRequest, client: MemoryClient, entries: Map<string, ConnectionEntry>) {
  const { connection, continues } = request;
  return [...entries.values()].filter(
    (entry) =>
      entry.connection !== connection && entry.connection !== continues && !client.disconnects.has(entry.connection),
  );
}

function refusal(
  { state, fenced }: MemoryPresence,
  request: ConnectRequest,
  client: MemoryClient,
  others: number,
): Refusal | null {
  const { token, continues } = request;
  if (fenced.has(request.incarnation)) return 'fenced';
  if (request.life !== undefined && request.life !== state.life) return 'store_unavailable';
  if (token.issuedAtMs <= client.refusedUntilMs) return 'token_revoked';
  if (continues !== undefined && client.disconnects.has(continues)) return 'token_revoked';
  for (const [id, { untilMs }] of client.tokens) if (untilMs < state.now()) client.tokens.delete(id);
  const spent = client.tokens.get(token.id);
  if (spent !== undefined && spent.connection !== request.connection) return 'token_used';
  const isReplacing = request.replace && continues === undefined;
  return !isReplacing && others >= request.maxConnections ? 'too_many_connections' : null;
}

function replaceOthers(
  { state }: MemoryPresence,
  clientId: string,
  client: MemoryClient,
  others: ConnectionEntry[],
): void {
  const atMs = state.now();
  for (const { connection } of others) client.disconnects.set(connection, { reason: REPLACED_REASON, atMs });
  const shards = others.map(({ shard }) => shard);
  tellShards(state, shards, clientId);
}

function firstPage(presence: MemoryPresence, request: ConnectRequest, client: MemoryClient) {
  const { state, options } = presence;
  const { clientId, device, inboxAfter } = request;
  if (inboxAfter !== undefined) {
    mergeCursors(
      state,
      client,
      clientId,
      { device, inbox: inboxAfter },
      {
        mostDevices: options.devices,
        keepsUnknown: false,
      },
    );
  }
  let start = inboxAfter ?? client.cursor;
  let channelCursors = {};
  if (device !== null) {
    let known = client.devices.get(device);
    if (known === undefined) {
      makeRoomForDevice(client, options.devices);
      known = { inbox: client.cursor, channels: new Map(), usedMs: 0 };
      client.devices.set(device, known);
    } else if (inboxAfter === undefined) {
      start = known.inbox ?? LOG_START;
    }
    known.usedMs = state.now();
    channelCursors = Object.fromEntries(known.channels);
  }
  const page = { limit: options.pageEntries, maxBytes: options.pageBytes };
  return { inbox: state.links.readLog({ kind: 'inbox', id: clientId }, start, page), channelCursors };
}

function connect(presence: MemoryPresence, request: ConnectRequest): ConnectResult {
  const { state, clients, online, grace } = presence;
  const { clientId, connection, continues, token } = request;
  const client = clients.of(clientId);
  const entries = state.presence.get(clientId) ?? new Map<string, ConnectionEntry>();
  const others = countedOthers(request, client, entries);
  const why = refusal(presence, request, client, others.length);
  if (why !== null) return { outcome: 'refused', why };

  const now = state.now();
  const replaced = request.replace && continues === undefined ? others : [];
  const known = entries.get(connection);
  const { shard, incarnation, device } = request;
  const entry = { connection, shard, incarnation, device, since: known?.since ?? now };
  client.tokens.set(token.id, { connection, untilMs: Math.max(token.expiresAtMs, now) + SPENT_MS });
  entries.set(connection, entry);
  state.presence.set(clientId, entries);
  grace.delete(clientId);
  const isFirst = !online.has(clientId);
  online.add(clientId);
  if (request.metadata !== undefined) client.metadata = request.metadata;
  else if (isFirst) client.metadata = null;
  // Once: a second successor, or one that finds it gone, is an arrival like any other.
  const isMoving = continues !== undefined && entries.has(continues) && !client.moved.has(continues);
  if (isMoving) client.moved.add(continues);
  replaceOthers(presence, clientId, client, replaced);
  if (known === undefined) {
    const cause = causeOf(entry, '');
    if (isFirst) tell(presence, 'online', clientId, cause);
    if (!isMoving) tell(presence, 'connected', clientId, cause);
  }
  return {
    outcome: 'connected',
    isFirst,
    since: entry.since,
    state: memoryClientState(client, state.life),
    replaced,
    ...firstPage(presence, request, client),
  };
}

/** Takes a connection out of its client's entry. Tells whether it was the last one. */
export function removeConnection(
  presence: MemoryPresence,
  clientId: string,
  entry: ConnectionEntry,
  reason: string,
): boolean {
  const { state, clients } = presence;
  const client = clients.of(clientId);
  const entries = state.presence.get(clientId);
  entries?.delete(entry.connection);
  client.disconnects.delete(entry.connection);
  const wasMoved = client.moved.delete(entry.connection);
  if (!wasMoved) tell(presence, 'disconnected', clientId, causeOf(entry, reason));
  if (entries !== undefined && entries.size > 0) return false;
  state.presence.delete(clientId);
  return true;
}

/** The connection as its shard knew it in another life of the store; null where there is no such, or its end was told. */
function forgottenEntry(
  { state, online }: MemoryPresence,
  { clientId, connection, incarnation, token = '', known }: DisconnectRequest,
  client: MemoryClient,
): ConnectionEntry | null {
  if (known === undefined || known.life === state.life || client.tokens.has(token)) return null;
  client.tokens.set(token, { connection: '', untilMs: state.now() + LATE_MS });
  online.add(clientId);
  return { connection, incarnation, shard: known.shard, device: known.device, since: 0 };
}

/** Refuses what of the connection is still under way. */
function spend({ state }: MemoryPresence, { connection, token = '' }: DisconnectRequest, client: MemoryClient): void {
  const spentBy = client.tokens.get(token)?.connection;
  if (spentBy !== undefined && spentBy !== connection) return;
  client.tokens.set(token, { connection: '', untilMs: state.now() + LATE_MS });
}

function disconnect(presence: MemoryPresence, request: DisconnectRequest): 'disconnected' | 'fenced' {
  const { state, clients, options, online, grace, fenced } = presence;
  const { clientId, graceMs, reason, cursors } = request;
  if (fenced.has(request.incarnation)) return 'fenced';
  const client = clients.of(clientId);
  if (cursors !== undefined)
    mergeCursors(state, client, clientId, cursors, { mostDevices: options.devices, keepsUnknown: true });
  const found = state.presence.get(clientId)?.get(request.connection);
  const forgotten = found === undefined ? forgottenEntry(presence, request, client) : null;
  const entry = found ?? forgotten ?? undefined;
  if (request.isDoubtful === true) spend(presence, request, client);
  if (entry?.incarnation !== request.incarnation) return 'disconnected';
  if (!removeConnection(presence, clientId, entry, reason)) return 'disconnected';
  const cause = causeOf(entry, reason);
  const waitMs = forgotten === null ? graceMs : Math.max(graceMs, request.known?.graceMs ?? 0);
  if (waitMs > 0) {
    grace.set(clientId, state.now() + waitMs);
    client.cause = cause;
  } else if (online.delete(clientId)) {
    tell(presence, 'offline', clientId, cause);
  }
  return 'disconnected';
}

function assert(
  presence: MemoryPresence,
  incarnation: string,
  shard: number,
  { clientId, entry, metadata, token = '', known }: AssertedConnection,
): void {
  const { state, clients, online, grace } = presence;
  const client = clients.of(clientId);
  if (client.tokens.get(token)?.connection === '') return;
  const entries = state.presence.get(clientId) ?? new Map<string, ConnectionEntry>();
  const isKnown = entries.has(entry.connection);
  const written = { ...entry, shard, incarnation };
  entries.set(entry.connection, written);
  state.presence.set(clientId, entries);
  grace.delete(clientId);
  client.metadata ??= metadata ?? null;
  if (!online.has(clientId)) {
    online.add(clientId);
    tell(presence, 'online', clientId, causeOf(written, ''));
  }
  if (!isKnown) tell(presence, 'connected', clientId, causeOf(written, ''));
  if (known !== undefined && known.life !== state.life) {
    restoreMemberships(state, clients, clientId, known.channels);
  }
}

/** The arrivals and departures of connections in memory. */
export function createMemoryConnects(
  presence: MemoryPresence,
): Pick<PresenceStore, 'connect' | 'disconnect' | 'reassert'> {
  const { state, fenced } = presence;
  return {
    connect: (request) => Promise.resolve(connect(presence, request)),
    disconnect: (request) => Promise.resolve(disconnect(presence, request)),
    reassert(incarnation, shard, asserted) {
      if (asserted.length > 0 && fenced.has(incarnation)) {
        return Promise.reject(new FlotillaError('fenced', 'this incarnation of the shard was reaped'));
      }
      for (const one of asserted) assert(presence, incarnation, shard, one);
      return Promise.resolve(asserted.map(() => state.life));
    },
  };
}
