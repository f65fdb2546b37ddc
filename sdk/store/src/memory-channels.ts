import { FlotillaError, isReservedChannel, LOG_START, type Position } from '@flotilla-im/protocol';
import type { ChannelStore } from './channels.ts';
import { effectiveOffset } from './cursor-order.ts';
import type { MemoryClients } from './memory-clients.ts';
import { pageOf } from './memory-page.ts';
import { SeenIds } from './memory-seen.ts';
import { type MemoryState, memoryRoutes, tellShards } from './memory-state.ts';
import { isRecoverable, positionAt } from './recovery.ts';
import type { CompiledStateOptions } from './state-options.ts';

/** How long a store is young, milliseconds: shards may still tell it what they know from an earlier one. */
const YOUNG_MS = 60_000;

function refuseReserved(channel: string): void {
  if (isReservedChannel(channel))
    throw new FlotillaError('reserved_channel', 'channel names starting with $ are reserved');
}

function tailOf(state: MemoryState, channel: string): Position {
  const meta = state.links.logMeta({ kind: 'channel', id: channel });
  return positionAt(meta, meta.last);
}

function addMember(
  state: MemoryState,
  memberships: Map<string, Position>,
  channel: string,
  clientId: string,
  position: Position,
): void {
  memberships.set(channel, position);
  const members = state.members.get(channel) ?? new Set();
  state.members.set(channel, members.add(clientId));
}

/** What a shard knows of a client from an earlier life of the store; what was left or joined since stands. */
export function restoreMemberships(
  state: MemoryState,
  clients: MemoryClients,
  clientId: string,
  channels: readonly string[],
): void {
  const { memberships, leftEarly } = clients.of(clientId);
  for (const channel of channels) {
    if (memberships.has(channel) || leftEarly.has(channel)) continue;
    addMember(state, memberships, channel, clientId, LOG_START);
  }
  tellShards(state, memoryRoutes(state, { kind: 'inbox', id: clientId }), clientId);
}

function createMemoryMembership(
  state: MemoryState,
  clients: MemoryClients,
  { frameIdMs }: CompiledStateOptions,
): Pick<ChannelStore, 'join' | 'leave' | 'settle' | 'isMember'> {
  const seen = new SeenIds();
  const isAgain = (clientId: string, request: string | undefined): boolean => {
    if (request === undefined) return false;
    const id = `${clientId.length}:${clientId}${request}`;
    if (seen.has(id, state.now())) return true;
    seen.add(id, state.now() + frameIdMs);
    return false;
  };
  const tell = (clientId: string) => tellShards(state, memoryRoutes(state, { kind: 'inbox', id: clientId }), clientId);
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- so that a refusal is a rejection
    async join(channel, clientId, request) {
      refuseReserved(channel);
      const { memberships, leftEarly } = clients.of(clientId);
      const known = memberships.get(channel);
      if (isAgain(clientId, request)) return { joined: false, position: known ?? LOG_START };
      if (known !== undefined) return { joined: false, position: known };
      const position = tailOf(state, channel);
      leftEarly.delete(channel);
      addMember(state, memberships, channel, clientId, position);
      tell(clientId);
      return { joined: true, position };
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- so that a refusal is a rejection
    async leave(channel, clientId, request) {
      refuseReserved(channel);
      const client = clients.of(clientId);
      if (isAgain(clientId, request)) return false;
      if (state.now() - state.bornMs < YOUNG_MS) client.leftEarly.add(channel);
      if (!client.memberships.delete(channel)) return false;
      const members = state.members.get(channel);
      members?.delete(clientId);
      if (members?.size === 0) state.members.delete(channel);
      tell(clientId);
      return true;
    },
    settle: () => Promise.resolve(),
    isMember: (channel, clientId) => Promise.resolve(clients.peek(clientId)?.memberships.has(channel) === true),
  };
}

function createMemoryInterest(
  state: MemoryState,
  clients: MemoryClients,
  fenced: ReadonlySet<string>,
  options: CompiledStateOptions,
): Pick<ChannelStore, 'follow' | 'unfollow'> {
  const page = { limit: options.pageEntries, maxBytes: options.pageBytes };
  const read = (channel: string, joined: Position, after: Position | null) => {
    const log = { kind: 'channel', id: channel } as const;
    if (after === null) return state.links.readLog(log, tailOf(state, channel), page);
    const meta = state.links.logMeta(log);
    const offset = (position: Position) => effectiveOffset(meta, position);
    // What was said before the join is not the member's to read.
    if (offset(joined) <= offset(after)) return state.links.readLog(log, after, page);
    const slice = state.links.readLog(log, joined, page);
    return { ...slice, recovered: slice.recovered && isRecoverable({ ...slice.meta, head: 1 }, after) };
  };
  return {
    follow(channel, shard, incarnation, member, after) {
      const joined = member === null ? LOG_START : clients.peek(member)?.memberships.get(channel);
      if (joined === undefined) return Promise.resolve('not_member');
      if (fenced.has(incarnation)) return Promise.resolve('fenced');
      const interested = state.interest.get(channel) ?? new Set();
      state.interest.set(channel, interested.add(`${shard}|${incarnation}`));
      return Promise.resolve(read(channel, joined, after));
    },
    unfollow(channel, shard, incarnation) {
      const interested = state.interest.get(channel);
      interested?.delete(`${shard}|${incarnation}`);
      if (interested?.size === 0) state.interest.delete(channel);
      return Promise.resolve();
    },
  };
}

/** Channels in memory. */
export function createMemoryChannelStore(
  state: MemoryState,
  clients: MemoryClients,
  fenced: ReadonlySet<string>,
  options: CompiledStateOptions,
): ChannelStore {
  const countOf = (channel: string) => state.members.get(channel)?.size ?? 0;
  return {
    ...createMemoryMembership(state, clients, options),
    ...createMemoryInterest(state, clients, fenced, options),
    members(channel, cursor) {
      const { items, next } = pageOf(state.members.get(channel) ?? [], cursor);
      return Promise.resolve({ clientIds: items, next });
    },
    count: (channel) => Promise.resolve(countOf(channel)),
    list(cursor) {
      const { items, next } = pageOf(state.members.keys(), cursor);
      return Promise.resolve({ channels: items.map((channel) => ({ channel, members: countOf(channel) })), next });
    },
    ofClient: (clientId) => Promise.resolve([...(clients.peek(clientId)?.memberships.keys() ?? [])]),
  };
}
