import { BROADCAST_CHANNEL, type Position } from '@flotilla-im/protocol';
import { effectiveOffset, isFurther, isOfLostLog, receiptOf } from './cursor-order.ts';
import type { LogMeta } from './log.ts';
import type { MemoryClient, MemoryClients } from './memory-clients.ts';
import type { MemoryState, MemoryWatcher } from './memory-state.ts';
import type { Cursors, PresenceStore } from './presence.ts';
import type { CompiledStateOptions } from './state-options.ts';

function inboxMeta(state: MemoryState, clientId: string): LogMeta {
  return state.links.logMeta({ kind: 'inbox', id: clientId });
}

function tellWatcher(state: MemoryState, meta: LogMeta, clientId: string, watcher: MemoryWatcher): void {
  if (watcher.kind === 'hint') {
    if (watcher.untilMs > state.now()) state.links.publishHint(`receipts:${watcher.instance}`, clientId);
    return;
  }
  // A watched position that its generation lost is never passed.
  if (effectiveOffset(meta, watcher) !== watcher.offset) return;
  const { id, from } = JSON.parse(`{${watcher.head}}`) as { id: string; from: string | null };
  const at = state.now();
  state.links.emit('receipts', { type: 'receipt', clientId, messageId: id, from, state: 'delivered', at });
}

function settleWatchers(state: MemoryState, meta: LogMeta, clientId: string, cursor: Position): void {
  const passed = effectiveOffset(meta, cursor);
  const watchers = state.watchers.get(clientId) ?? [];
  const waiting = watchers.filter(({ offset }) => offset > passed);
  if (waiting.length === 0) state.watchers.delete(clientId);
  else state.watchers.set(clientId, waiting);
  for (const watcher of watchers) if (watcher.offset <= passed) tellWatcher(state, meta, clientId, watcher);
}

/** Makes room for one more device by dropping the one that was not used for longest. */
export function makeRoomForDevice(client: MemoryClient, most: number): void {
  if (client.devices.size < most) return;
  const [oldest] = [...client.devices].sort(([, a], [, b]) => a.usedMs - b.usedMs);
  if (oldest !== undefined) client.devices.delete(oldest[0]);
}

function mergeChannels(
  client: MemoryClient,
  stored: Map<string, Position>,
  given: Readonly<Record<string, Position>>,
): void {
  for (const [channel, position] of Object.entries(given)) {
    const known = stored.get(channel);
    if (known?.generation !== position.generation || position.offset > known.offset) stored.set(channel, position);
  }
  for (const channel of stored.keys()) {
    if (channel !== BROADCAST_CHANNEL && !client.memberships.has(channel)) stored.delete(channel);
  }
}

/**
 * Merges what a client confirmed into its cursors, and emits the receipts that are due.
 *
 * @param keepsUnknown - a position that the log does not know is kept if nothing else is known of the client
 */
export function mergeCursors(
  state: MemoryState,
  client: MemoryClient,
  clientId: string,
  { device, inbox, channels }: Cursors,
  { mostDevices, keepsUnknown }: { readonly mostDevices: number; readonly keepsUnknown: boolean },
): void {
  const meta = inboxMeta(state, clientId);
  if (inbox !== undefined && isFurther(meta, client.cursor, inbox)) {
    client.cursor = inbox;
    settleWatchers(state, meta, clientId, inbox);
  } else if (inbox !== undefined && keepsUnknown && client.cursor === null && isOfLostLog(meta, inbox)) {
    client.cursor = inbox;
  }
  if (device === null) return;
  let known = client.devices.get(device);
  const isNew = known === undefined;
  if (known === undefined) {
    makeRoomForDevice(client, mostDevices);
    known = { inbox: null, channels: new Map(), usedMs: 0 };
    client.devices.set(device, known);
  }
  known.usedMs = state.now();
  if (inbox !== undefined && isFurther(meta, known.inbox, inbox)) known.inbox = inbox;
  // A device that is new here and brings no place of the log's starts where the client is.
  else if (isNew) known.inbox = client.cursor;
  if (channels !== undefined) mergeChannels(client, known.channels, channels);
}

/** Cursors of clients in memory, and the receipts that follow from them. */
export function createMemoryCursors(
  state: MemoryState,
  clients: MemoryClients,
  fenced: ReadonlySet<string>,
  options: CompiledStateOptions,
): Pick<PresenceStore, 'storeCursors' | 'cursor' | 'receiptState' | 'watchReceipt'> {
  const receipt = (clientId: string, position: Position) => {
    const cursor = clients.peek(clientId)?.cursor ?? null;
    const found = receiptOf(inboxMeta(state, clientId), cursor, position);
    if (found !== 'unread') return found;
    return state.presence.has(clientId) ? 'waiting' : 'offline';
  };
  return {
    storeCursors(incarnation, batch) {
      if (fenced.has(incarnation)) return Promise.resolve('fenced');
      for (const { clientId, cursors } of batch) {
        mergeCursors(state, clients.of(clientId), clientId, cursors, {
          mostDevices: options.devices,
          keepsUnknown: true,
        });
      }
      return Promise.resolve('stored');
    },
    cursor: (clientId) => Promise.resolve(clients.peek(clientId)?.cursor ?? null),
    receiptState: (clientId, position) => Promise.resolve(receipt(clientId, position)),
    watchReceipt(clientId, position, instance) {
      const found = receipt(clientId, position);
      if (found === 'waiting' || found === 'offline') {
        const untilMs = state.now() + options.watchMs;
        const watchers = state.watchers.get(clientId) ?? [];
        state.watchers.set(clientId, [...watchers, { kind: 'hint', ...position, instance, untilMs }]);
      }
      return Promise.resolve(found);
    },
  };
}
