import { formatPosition, parsePosition, type Position } from '@flotilla-im/protocol';
import { parseClientState, parseConnectionEntry } from './client-state.ts';
import { encodeChannelCursors, parseChannelCursors } from './channel-cursors.ts';
import { partitionOf } from './partition.ts';
import type { ConnectRequest, ConnectResult, ConnectionEntry, DisconnectRequest, PresenceStore } from './presence.ts';
import { parseSlice } from './redis-log.ts';
import type { RedisConnection, RedisReply } from './redis/connection.ts';
import { fieldsReply, listReply, textReply } from './redis/reply.ts';
import type { CompiledStateOptions } from './state-options.ts';

type Refusal = Extract<ConnectResult, { outcome: 'refused' }>['why'];

function parseEntries(fields: Map<string, string>): ConnectionEntry[] {
  return [...fields].flatMap(([connection, text]) => parseConnectionEntry(connection, text) ?? []);
}

function parseConnectReply(reply: RedisReply): ConnectResult {
  const [outcome, ...rest] = listReply(reply);
  if (outcome === 'refused') return { outcome, why: textReply(rest[0]) as Refusal };
  const [isFirst, since, memberships, control, replaced, slice = null, asked, channelCursors] = rest;
  const inbox = parseSlice(slice, parsePosition(textReply(asked)));
  return {
    outcome: 'connected',
    isFirst: isFirst === 1,
    since: Number(since),
    // The slice says it: the inbox is of the same partition.
    state: parseClientState(fieldsReply(memberships), fieldsReply(control), inbox.meta.life),
    replaced: parseEntries(fieldsReply(replaced)),
    inbox,
    channelCursors: parseChannelCursors(textReply(channelCursors)),
  };
}

function connectKeys({ keys }: RedisConnection, request: ConnectRequest): string[] {
  const { clientId, incarnation } = request;
  const partition = partitionOf(clientId);
  const inbox = { kind: 'inbox', id: clientId } as const;
  return [
    keys.presence(clientId),
    keys.memberships(clientId),
    keys.cursors(clientId),
    keys.control(clientId),
    keys.token(clientId, request.token.id),
    keys.tails(partition),
    keys.incarnation(partition, incarnation),
    keys.incarnations(partition),
    keys.grace(partition),
    keys.fenced(partition),
    keys.online(partition),
    keys.stream(partition, 'presence'),
    keys.streamCounts(partition),
    keys.log(inbox),
    keys.meta(inbox),
    keys.receipts(clientId),
    keys.stream(partition, 'receipts'),
  ];
}

function connectArgs(
  { keys }: RedisConnection,
  request: ConnectRequest,
  options: CompiledStateOptions,
): (string | number)[] {
  const { clientId, token, inboxAfter } = request;
  return [
    clientId,
    request.connection,
    request.shard,
    request.incarnation,
    request.device ?? '',
    token.issuedAtMs,
    token.expiresAtMs,
    request.continues ?? '',
    request.metadata ?? '',
    request.replace ? 1 : 0,
    request.maxConnections,
    inboxAfter?.generation ?? '',
    inboxAfter?.offset ?? 0,
    options.pageEntries,
    options.pageBytes,
    partitionOf(clientId),
    keys.shardChannelPrefix,
    keys.hintChannelPrefix,
    options.streams.presence,
    options.streams.receipts,
    options.devices,
    options.clientStateMs,
    request.life ?? '',
  ];
}

function positionText(position: Position | undefined): string {
  return position === undefined ? '' : formatPosition(position);
}

/** How long a connect or reassert may be on its way after its connection was given up, milliseconds. */
const LATE_MS = 600_000;

function disconnectKeys({ keys }: RedisConnection, { clientId, incarnation, token }: DisconnectRequest): string[] {
  const partition = partitionOf(clientId);
  return [
    keys.presence(clientId),
    keys.memberships(clientId),
    keys.cursors(clientId),
    keys.control(clientId),
    keys.incarnation(partition, incarnation),
    keys.grace(partition),
    keys.fenced(partition),
    keys.online(partition),
    keys.stream(partition, 'presence'),
    keys.streamCounts(partition),
    keys.meta({ kind: 'inbox', id: clientId }),
    keys.receipts(clientId),
    keys.stream(partition, 'receipts'),
    keys.token(clientId, token ?? ''),
    keys.tails(partition),
  ];
}

async function disconnect(
  connection: RedisConnection,
  options: CompiledStateOptions,
  request: DisconnectRequest,
): Promise<'disconnected' | 'fenced'> {
  const { keys } = connection;
  const { clientId, incarnation, cursors, known } = request;
  const partition = partitionOf(clientId);
  const reply = await connection.script('disconnect', disconnectKeys(connection, request), [
    clientId,
    request.connection,
    incarnation,
    request.graceMs,
    request.reason,
    cursors?.device ?? '',
    positionText(cursors?.inbox),
    encodeChannelCursors(cursors),
    cursors === undefined ? 0 : 1,
    partition,
    keys.hintChannelPrefix,
    options.streams.presence,
    options.streams.receipts,
    options.devices,
    options.clientStateMs,
    LATE_MS,
    request.isDoubtful === true ? 1 : 0,
    known?.life ?? '',
    known?.shard ?? 0,
    known?.device ?? '',
    known?.graceMs ?? 0,
  ]);
  return reply === 'fenced' ? 'fenced' : 'disconnected';
}

/** The arrivals and departures of connections in Redis. */
export function createRedisConnects(
  connection: RedisConnection,
  options: CompiledStateOptions,
): Pick<PresenceStore, 'connect' | 'disconnect'> {
  return {
    connect: async (request) =>
      parseConnectReply(
        await connection.script('connect', connectKeys(connection, request), connectArgs(connection, request, options)),
      ),
    disconnect: (request) => disconnect(connection, options, request),
  };
}
