import { parseClientState, parseConnectionEntry } from './client-state.ts';
import { partitionOf } from './partition.ts';
import type { PresenceStore } from './presence.ts';
import { createRedisConnects } from './redis-connect.ts';
import { createRedisCursors } from './redis-cursors.ts';
import { createRedisReassertion } from './redis-reassertion.ts';
import { createRedisReaper, type SettleUnfinished } from './redis-reaper.ts';
import type { RedisConnection } from './redis/connection.ts';
import { scanPartitions } from './redis/paged-scan.ts';
import { fieldsReply, listReply, textReply } from './redis/reply.ts';
import type { CompiledStateOptions } from './state-options.ts';

function createRedisControl(
  connection: RedisConnection,
  options: CompiledStateOptions,
): Pick<PresenceStore, 'refresh' | 'requestDisconnect' | 'setGrants'> {
  const { keys } = connection;
  return {
    async refresh(clientId) {
      const stateKeys = [keys.memberships(clientId), keys.control(clientId), keys.tails(partitionOf(clientId))];
      const [memberships, control, life] = listReply(await connection.script('client-state', stateKeys, []));
      return parseClientState(fieldsReply(memberships), fieldsReply(control), textReply(life));
    },
    async requestDisconnect(clientId, { reason, connection: named, refuseTokensBefore }) {
      const partition = partitionOf(clientId);
      const reply = await connection.script(
        'request-disconnect',
        [keys.presence(clientId), keys.control(clientId), keys.tails(partition), keys.grace(partition)],
        [
          clientId,
          named ?? '',
          reason,
          refuseTokensBefore === true ? 1 : 0,
          partition,
          keys.shardChannelPrefix,
          options.clientStateMs,
        ],
      );
      return Number(reply);
    },
    async setGrants(clientId, grants) {
      const partition = partitionOf(clientId);
      await connection.script(
        'set-grants',
        [keys.presence(clientId), keys.control(clientId), keys.tails(partition)],
        [
          clientId,
          grants === null ? '' : JSON.stringify(grants),
          partition,
          keys.shardChannelPrefix,
          options.clientStateMs,
        ],
      );
    },
  };
}

function createRedisOnline(connection: RedisConnection): Pick<PresenceStore, 'isOnline' | 'connections' | 'list'> {
  const { keys } = connection;
  return {
    async isOnline(clientIds) {
      const inPartition = new Map<number, number[]>();
      for (const [i, clientId] of clientIds.entries()) {
        const partition = partitionOf(clientId);
        const indices = inPartition.get(partition);
        if (indices === undefined) inPartition.set(partition, [i]);
        else indices.push(i);
      }
      const answers = new Array<boolean>(clientIds.length).fill(false);
      await Promise.all(
        [...inPartition].map(async ([partition, indices]) => {
          const ids = indices.map((i) => clientIds[i] ?? '');
          const reply = listReply(await connection.command('SMISMEMBER', keys.online(partition), ...ids));
          for (const [n, i] of indices.entries()) answers[i] = reply[n] === 1;
        }),
      );
      return answers;
    },
    async connections(clientId) {
      const fields = fieldsReply(await connection.command('HGETALL', keys.presence(clientId)));
      return [...fields].flatMap(([name, text]) => parseConnectionEntry(name, text) ?? []);
    },
    async list(cursor) {
      const { items, next } = await scanPartitions(connection, { keyOf: keys.online, kind: 'set' }, cursor);
      return { clientIds: [...new Set(items)], next };
    },
  };
}

/** Presence in Redis; see keys.ts and the scripts of `lua/`. */
export function createRedisPresenceStore(
  connection: RedisConnection,
  options: CompiledStateOptions,
  settleUnfinished: SettleUnfinished,
): PresenceStore {
  return {
    ...createRedisConnects(connection, options),
    ...createRedisReassertion(connection, options, settleUnfinished),
    ...createRedisCursors(connection, options),
    ...createRedisControl(connection, options),
    ...createRedisOnline(connection),
    ...createRedisReaper(connection, options, settleUnfinished),
  };
}
