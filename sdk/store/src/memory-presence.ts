import { causeOf, type MemoryClients, memoryClientState } from './memory-clients.ts';
import { createMemoryConnects, type MemoryPresence, removeConnection, tell } from './memory-connect.ts';
import { createMemoryCursors } from './memory-cursors.ts';
import { type MemoryState, tellShards } from './memory-state.ts';
import { pageOf } from './memory-page.ts';
import type { ConnectionEntry, PresenceStore } from './presence.ts';
import type { CompiledStateOptions } from './state-options.ts';

function entriesOf(state: MemoryState, clientId: string): ConnectionEntry[] {
  return [...(state.presence.get(clientId)?.values() ?? [])];
}

function createMemoryControl({
  state,
  clients,
  grace,
}: MemoryPresence): Pick<PresenceStore, 'refresh' | 'requestDisconnect' | 'setGrants'> {
  return {
    refresh: (clientId) => Promise.resolve(memoryClientState(clients.of(clientId), state.life)),
    requestDisconnect(clientId, { reason, connection, refuseTokensBefore }) {
      const client = clients.of(clientId);
      const atMs = state.now();
      const entries = entriesOf(state, clientId);
      const named = connection === undefined ? entries : entries.filter((entry) => entry.connection === connection);
      for (const entry of named) client.disconnects.set(entry.connection, { reason, atMs });
      if (refuseTokensBefore === true) client.refusedUntilMs = atMs;
      // Nobody is to be waited for any more.
      if (entries.length === 0 && connection === undefined && grace.has(clientId)) grace.set(clientId, atMs);
      const told = refuseTokensBefore === true ? entries : named;
      tellShards(state, told.map(({ shard }) => shard), clientId); // prettier-ignore
      return Promise.resolve(named.length);
    },
    setGrants(clientId, grants) {
      const client = clients.of(clientId);
      client.grants = grants;
      client.grantsAtMs = grants === null ? 0 : state.now();
      const shards = entriesOf(state, clientId).map(({ shard }) => shard);
      tellShards(state, shards, clientId);
      return Promise.resolve();
    },
  };
}

function createMemoryReaper(presence: MemoryPresence): Pick<PresenceStore, 'reap' | 'sweep' | 'incarnations'> {
  const { state, clients, options, online, grace, fenced } = presence;

  const takeAway = (clientId: string, incarnation: string, graceMs: number): boolean => {
    const gone = entriesOf(state, clientId).filter((entry) => entry.incarnation === incarnation);
    for (const entry of gone) {
      if (!removeConnection(presence, clientId, entry, 'shard lost')) continue;
      grace.set(clientId, state.now() + graceMs);
      clients.of(clientId).cause = causeOf(entry, 'shard lost');
    }
    return gone.length > 0;
  };

  return {
    reap(incarnation, graceMs = options.graceMs) {
      fenced.add(incarnation);
      let touched = 0;
      for (const clientId of [...state.presence.keys()]) if (takeAway(clientId, incarnation, graceMs)) touched += 1;
      for (const [channel, interested] of state.interest) {
        for (const field of interested) if (field.endsWith(`|${incarnation}`)) interested.delete(field);
        if (interested.size === 0) state.interest.delete(channel);
      }
      return Promise.resolve(touched);
    },
    sweep() {
      let offline = 0;
      for (const [clientId, dueMs] of grace) {
        if (dueMs > state.now()) continue;
        grace.delete(clientId);
        if (state.presence.has(clientId) || !online.delete(clientId)) continue;
        tell(presence, 'offline', clientId, clients.of(clientId).cause);
        offline += 1;
      }
      return Promise.resolve(offline);
    },
    incarnations() {
      const found = new Set<string>();
      for (const entries of state.presence.values())
        for (const { incarnation } of entries.values()) found.add(incarnation);
      for (const interested of state.interest.values()) {
        for (const field of interested) found.add(field.slice(field.indexOf('|') + 1));
      }
      return Promise.resolve([...found]);
    },
  };
}

/** Presence in memory: the same decisions as the scripts make, each within one turn. */
export function createMemoryPresenceStore(
  state: MemoryState,
  clients: MemoryClients,
  options: CompiledStateOptions,
): { presence: PresenceStore; fenced: ReadonlySet<string> } {
  const fenced = new Set<string>();
  const shared: MemoryPresence = { state, clients, options, online: new Set(), grace: new Map(), fenced };
  const presence: PresenceStore = {
    ...createMemoryConnects(shared),
    ...createMemoryCursors(state, clients, fenced, options),
    ...createMemoryControl(shared),
    ...createMemoryReaper(shared),
    isOnline: (clientIds) => Promise.resolve(clientIds.map((clientId) => shared.online.has(clientId))),
    connections: (clientId) => Promise.resolve(entriesOf(state, clientId)),
    list(cursor) {
      const { items, next } = pageOf(shared.online, cursor);
      return Promise.resolve({ clientIds: items, next });
    },
  };
  return { presence, fenced };
}
