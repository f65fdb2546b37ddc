import type { Grants, Position } from '@flotilla-im/protocol';
import type { ClientEvent } from './events.ts';
import type { ClientState, ConnectionEntry } from './presence.ts';

/** Which connection a presence event is about, and why. */
export interface EventCause {
  readonly connection: string | null;
  readonly shard: number;
  readonly device: string | null;
  readonly reason: string | null;
}

/** A named device's own cursors. */
export interface MemoryDevice {
  inbox: Position | null;
  channels: Map<string, Position>;
  usedMs: number;
}

/** What Redis keeps of a client in `cj:`, `u:`, `b:` and `j:`; its connections are in `MemoryState.presence`. */
export interface MemoryClient {
  /** Channel → where the join stands. In one process no join is ever left unfinished. */
  readonly memberships: Map<string, Position>;
  /** Channels left so early in the store's life that a shard may try to restore them. */
  readonly leftEarly: Set<string>;
  cursor: Position | null;
  readonly devices: Map<string, MemoryDevice>;
  refusedUntilMs: number;
  grants: Grants | null;
  grantsAtMs: number;
  /** JSON text. */
  metadata: string | null;
  /** Connections to be closed. */
  readonly disconnects: Map<string, { reason: string; atMs: number }>;
  /** Connections that moved away: their end is no event. */
  readonly moved: Set<string>;
  /** Token id → the connection that spent it. */
  readonly tokens: Map<string, { connection: string; untilMs: number }>;
  cause: EventCause;
}

/** Clients by id, made as they are first heard of. */
export class MemoryClients {
  readonly #clients = new Map<string, MemoryClient>();

  /** The client's record, which stays the same object. */
  of(clientId: string): MemoryClient {
    const known = this.#clients.get(clientId);
    if (known !== undefined) return known;
    const made: MemoryClient = {
      memberships: new Map(),
      leftEarly: new Set(),
      cursor: null,
      devices: new Map(),
      refusedUntilMs: 0,
      grants: null,
      grantsAtMs: 0,
      metadata: null,
      disconnects: new Map(),
      moved: new Set(),
      tokens: new Map(),
      cause: { connection: null, shard: 0, device: null, reason: null },
    };
    this.#clients.set(clientId, made);
    return made;
  }

  /** Without making one. */
  peek(clientId: string): MemoryClient | undefined {
    return this.#clients.get(clientId);
  }
}

/** What business changed for a client. */
export function memoryClientState(client: MemoryClient, life: string): ClientState {
  return {
    life,
    memberships: [...client.memberships].map(([channel, joinedAt]) => ({ channel, joinedAt, isConfirmed: true })),
    refusedUntilMs: client.refusedUntilMs,
    disconnects: [...client.disconnects].map(([connection, { reason, atMs }]) => ({ connection, reason, atMs })),
    ...(client.grants === null ? {} : { grants: client.grants }),
    grantsAtMs: client.grantsAtMs,
  };
}

/** The cause of an event about one connection; no reason being the empty text. */
export function causeOf({ connection, shard, device }: ConnectionEntry, reason: string): EventCause {
  return { connection, shard, device, reason: reason === '' ? null : reason };
}

/** A presence event as the scripts write it. */
export function presenceEvent(
  type: 'online' | 'offline' | 'connected' | 'disconnected',
  clientId: string,
  cause: EventCause,
  at: number,
  metadata: string | null,
): ClientEvent {
  const event = { type, clientId, ...cause, at };
  return metadata === null ? event : { ...event, metadata: JSON.parse(metadata) as unknown };
}
