import { randomUUID } from 'node:crypto';
import {
  formatPosition,
  isReservedChannel,
  FlotillaError,
  LOG_START,
  parsePosition,
  type Position,
} from '@flotilla-im/protocol';
import type { ChannelStore } from './channels.ts';
import { parseMembershipMark, type MembershipMark } from './client-state.ts';
import type { LogSlice } from './log.ts';
import { partitionOf } from './partition.ts';
import { isRecoverable } from './recovery.ts';
import { parseSlice } from './redis-log.ts';
import type { SettleUnfinished } from './redis-reaper.ts';
import type { RedisConnection, RedisReply } from './redis/connection.ts';
import { scanPartitions } from './redis/paged-scan.ts';
import { fieldsReply, listReply, textReply } from './redis/reply.ts';
import type { CompiledStateOptions } from './state-options.ts';

/** The two sides of a membership: the client's, which is believed, and the channel's, which is counted and listed. */
interface Sides {
  /** Marks at the client that a join or leave begins; `isDone` when there is nothing to do. */
  begin(
    channel: string,
    clientId: string,
    kind: 'j' | 'l',
    operation: string,
    request: string | undefined,
  ): Promise<{ isDone: boolean; value: string }>;
  /** Brings the channel's side in line with `value` and confirms it at the client, again until the client's side stays put. */
  settle(channel: string, clientId: string, value: string, operation: string): Promise<MembershipMark | null>;
  read(channel: string, clientId: string): Promise<string>;
}

function createSides(connection: RedisConnection, { frameIdMs }: CompiledStateOptions): Sides {
  const { keys } = connection;

  const apply = async (channel: string, clientId: string, mark: MembershipMark | null): Promise<string> => {
    const partition = partitionOf(channel);
    const isMember = mark !== null && mark.state !== 'l';
    const known = mark?.position ? formatPosition(mark.position) : mark?.isAnew === true ? '-' : '';
    const reply = await connection.script(
      'membership-apply',
      [
        keys.members(channel),
        keys.directory(partition),
        keys.meta({ kind: 'channel', id: channel }),
        keys.tails(partition),
      ],
      [channel, clientId, isMember ? 1 : 0, known],
    );
    return textReply(reply);
  };
  const confirm = (channel: string, clientId: string, value: string, position: string, operation: string) => {
    const partition = partitionOf(clientId);
    return connection.script(
      'membership-confirm',
      [keys.memberships(clientId), keys.unsettled(partition), keys.presence(clientId), keys.tails(partition)],
      [channel, clientId, value, position, operation, partition, keys.shardChannelPrefix],
    );
  };

  return {
    async begin(channel, clientId, kind, operation, request) {
      const partition = partitionOf(clientId);
      const written = [keys.memberships(clientId), keys.unsettled(partition), keys.tails(partition)];
      if (request !== undefined) written.push(keys.seenRequest(clientId, request));
      const values = [channel, clientId, kind, operation, frameIdMs];
      const reply = await connection.script('membership-begin', written, values);
      const [outcome, value] = listReply(reply);
      return { isDone: outcome === 'done', value: textReply(value) };
    },
    async settle(channel, clientId, value, operation) {
      for (;;) {
        const position = await apply(channel, clientId, parseMembershipMark(value));
        const [outcome, found] = listReply(await confirm(channel, clientId, value, position, operation));
        value = textReply(found);
        if (outcome === 'settled') return parseMembershipMark(value);
      }
    },
    read: async (channel, clientId) => textReply(await connection.command('HGET', keys.memberships(clientId), channel)),
  };
}

function refuseReserved(channel: string): void {
  if (isReservedChannel(channel))
    throw new FlotillaError('reserved_channel', 'channel names starting with $ are reserved');
}

function createRedisMembership(sides: Sides): Pick<ChannelStore, 'join' | 'leave' | 'settle' | 'isMember'> {
  return {
    async join(channel, clientId, request) {
      refuseReserved(channel);
      const operation = randomUUID();
      const { isDone, value } = await sides.begin(channel, clientId, 'j', operation, request);
      const mark = isDone ? parseMembershipMark(value) : await sides.settle(channel, clientId, value, operation);
      // Somebody else's leave came right after: it was a member for a moment, from the start of nothing.
      return { joined: !isDone, position: mark?.position ?? LOG_START };
    },
    async leave(channel, clientId, request) {
      refuseReserved(channel);
      const operation = randomUUID();
      const { isDone, value } = await sides.begin(channel, clientId, 'l', operation, request);
      if (!isDone) await sides.settle(channel, clientId, value, operation);
      return !isDone;
    },
    async settle(channel, clientId) {
      await sides.settle(channel, clientId, await sides.read(channel, clientId), '');
    },
    isMember: async (channel, clientId) => parseMembershipMark(await sides.read(channel, clientId))?.state === 'c',
  };
}

function createRedisDirectory(
  connection: RedisConnection,
): Pick<ChannelStore, 'members' | 'count' | 'list' | 'ofClient'> {
  const { keys } = connection;
  return {
    async members(channel, cursor) {
      if (cursor !== null && !/^\d{1,20}$/.test(cursor)) {
        throw new FlotillaError('bad_options', 'this cursor was not handed out by a list');
      }
      const reply = await connection.command('HSCAN', keys.members(channel), cursor ?? '0', 'COUNT', 500);
      const [next, fields] = listReply(reply);
      return { clientIds: [...fieldsReply(fields).keys()], next: next === '0' ? null : textReply(next) };
    },
    count: async (channel) => Number(await connection.command('HLEN', keys.members(channel))),
    async list(cursor) {
      const { items, next } = await scanPartitions(connection, { keyOf: keys.directory, kind: 'zset' }, cursor);
      const counts = fieldsReply(items);
      return { channels: [...counts].map(([channel, members]) => ({ channel, members: Number(members) })), next };
    },
    async ofClient(clientId) {
      const fields = fieldsReply(await connection.command('HGETALL', keys.memberships(clientId)));
      return [...fields].flatMap(([channel, text]) => (parseMembershipMark(text)?.state === 'c' ? [channel] : []));
    },
  };
}

/** Whether a reader that stands at `after` misses nothing that is its own when it goes on from the later `joined`. */
function isJoinRecovered(slice: LogSlice, after: Position): boolean {
  return slice.recovered && isRecoverable({ ...slice.meta, head: 1 }, after);
}

function parseFollowed(reply: RedisReply, joined: Position, after: Position | null): LogSlice {
  const [page = null, from, tail] = listReply(reply);
  if (from === 'tail') return parseSlice(page, parsePosition(textReply(tail)));
  if (from !== 'join' || after === null) return parseSlice(page, after);
  const slice = parseSlice(page, joined);
  return { ...slice, recovered: isJoinRecovered(slice, after) };
}

function createRedisInterest(
  connection: RedisConnection,
  options: CompiledStateOptions,
  sides: Sides,
): Pick<ChannelStore, 'follow' | 'unfollow'> {
  const { keys } = connection;
  const joinedAt = async (channel: string, member: string): Promise<Position | null> => {
    const value = await sides.read(channel, member);
    let mark = parseMembershipMark(value);
    if (mark !== null && mark.state !== 'c') mark = await sides.settle(channel, member, value, '');
    return mark === null ? null : (mark.position ?? LOG_START);
  };
  const followKeys = (channel: string, incarnation: string) => {
    const partition = partitionOf(channel);
    const log = { kind: 'channel', id: channel } as const;
    return [
      keys.fenced(partition),
      keys.interest(channel),
      keys.followed(partition, incarnation),
      keys.incarnations(partition),
      keys.log(log),
      keys.meta(log),
      keys.tails(partition),
    ];
  };
  return {
    async follow(channel, shard, incarnation, member, after) {
      const joined = member === null ? LOG_START : await joinedAt(channel, member);
      if (joined === null) return 'not_member';
      const from = [after?.generation ?? '', after?.offset ?? 0, joined.generation, joined.offset];
      const args = [channel, shard, incarnation, ...from, options.pageEntries, options.pageBytes];
      const reply = await connection.script('follow', followKeys(channel, incarnation), args);
      return reply === 'fenced' ? reply : parseFollowed(reply, joined, after);
    },
    async unfollow(channel, shard, incarnation) {
      const followed = keys.followed(partitionOf(channel), incarnation);
      await connection.script('unfollow', [keys.interest(channel), followed], [channel, shard, incarnation]);
    },
  };
}

/** Channels in Redis, and what the sweeper needs to finish what a crash left. */
export function createRedisChannelStore(
  connection: RedisConnection,
  options: CompiledStateOptions,
): { channels: ChannelStore; settleUnfinished: SettleUnfinished } {
  const sides = createSides(connection, options);
  return {
    channels: {
      ...createRedisMembership(sides),
      ...createRedisDirectory(connection),
      ...createRedisInterest(connection, options, sides),
    },
    settleUnfinished: async (channel, clientId, operation) => {
      await sides.settle(channel, clientId, await sides.read(channel, clientId), operation);
    },
  };
}
