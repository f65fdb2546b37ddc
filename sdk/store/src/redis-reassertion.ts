import { randomUUID } from 'node:crypto';
import { FlotillaError } from '@flotilla-im/protocol';
import { partitionOf } from './partition.ts';
import type { AssertedConnection, PresenceStore } from './presence.ts';
import type { SettleUnfinished } from './redis-reaper.ts';
import type { RedisConnection } from './redis/connection.ts';
import { listReply, textReply } from './redis/reply.ts';
import type { CompiledStateOptions } from './state-options.ts';

function reassertKeys(
  { keys }: RedisConnection,
  incarnation: string,
  { clientId, token }: AssertedConnection,
): string[] {
  const partition = partitionOf(clientId);
  return [
    keys.presence(clientId),
    keys.control(clientId),
    keys.incarnation(partition, incarnation),
    keys.incarnations(partition),
    keys.grace(partition),
    keys.fenced(partition),
    keys.online(partition),
    keys.stream(partition, 'presence'),
    keys.streamCounts(partition),
    keys.token(clientId, token ?? ''),
    keys.memberships(clientId),
    keys.unsettled(partition),
    keys.tails(partition),
  ];
}

/** How many of a pod's reasserts are under way at once: enough to fill a write, too few to hold up what else it does. */
const BATCH = 256;

/** Pods' connections, and memberships of their clients, written again after the store lost them. */
export function createRedisReassertion(
  connection: RedisConnection,
  options: CompiledStateOptions,
  settleUnfinished: SettleUnfinished,
): Pick<PresenceStore, 'reassert'> {
  const { keys } = connection;
  const reassert = async (incarnation: string, shard: number, asserted: AssertedConnection): Promise<string> => {
    const { clientId, entry, metadata, known } = asserted;
    const channels = known?.channels ?? [];
    const operation = randomUUID();
    const reply = await connection.script('reassert', reassertKeys(connection, incarnation, asserted), [
      clientId,
      entry.connection,
      shard,
      incarnation,
      entry.since,
      entry.device ?? '',
      metadata ?? '',
      partitionOf(clientId),
      keys.hintChannelPrefix,
      options.streams.presence,
      keys.incarnation(partitionOf(clientId), ''),
      keys.shardChannelPrefix,
      operation,
      known?.life ?? '',
      ...channels,
    ]);
    if (reply === 'fenced') throw new FlotillaError('fenced', 'this incarnation of the shard was reaped');
    const [what, life] = listReply(reply);
    // Also of those that stood, which does no harm.
    if (what === 'restored') for (const channel of channels) await settleUnfinished(channel, clientId, operation);
    return textReply(life);
  };
  return {
    async reassert(incarnation, shard, connections) {
      const lives: string[] = [];
      for (let i = 0; i < connections.length; i += BATCH) {
        const batch = connections.slice(i, i + BATCH);
        lives.push(...(await Promise.all(batch.map((one) => reassert(incarnation, shard, one)))));
      }
      return lives;
    },
  };
}
