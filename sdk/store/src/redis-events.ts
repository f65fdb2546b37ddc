import { FlotillaError } from '@flotilla-im/protocol';
import type { EventStore, StreamItem, StreamName } from './events.ts';
import { PARTITION_COUNT, partitionOf } from './partition.ts';
import { createRedisEventGroups, parseItems } from './redis-event-groups.ts';
import type { RedisConnection } from './redis/connection.ts';
import { listReply, textReply, textsReply } from './redis/reply.ts';
import type { CompiledStateOptions } from './state-options.ts';

/** Events a partition gives to one `tail`; the next call goes on after them. */
const TAIL_PAGE = 500;

/** How long a stream counts as looked on after the last `tail`, milliseconds. */
const TAILED_MS = 60_000;

/** The id before all others. */
const START = '0-0';

const allPartitions = Object.freeze(Array.from({ length: PARTITION_COUNT }, (_, partition) => partition));

/** Orders items of several partitions by when they were written: their ids begin with milliseconds. */
function inOrder(items: StreamItem[]): StreamItem[] {
  return items.sort((a, b) => Number.parseInt(a.id, 10) - Number.parseInt(b.id, 10));
}

/** A page after an id (`undefined`: from the oldest event), or only the last id when `after` is null. */
async function readPage(
  connection: RedisConnection,
  stream: StreamName,
  partition: number,
  after: string | null | undefined,
): Promise<{ last: string; flat: string[] }> {
  const { keys } = connection;
  const key = keys.stream(partition, stream);
  const read =
    after === null
      ? connection.command('XREVRANGE', key, '+', '-', 'COUNT', 1)
      : connection.command('XRANGE', key, `(${after ?? START}`, '+', 'COUNT', TAIL_PAGE);
  // Only a stream that can be full needs to know that somebody looks on.
  const tailed = keys.streamTailed(partition, stream);
  const note = stream === 'upstream' ? [connection.command('SET', tailed, 1, 'PX', TAILED_MS)] : [];
  const [reply] = await Promise.all([read, ...note]);
  const entries = listReply(reply).map((entry) => {
    const [id, fields] = listReply(entry);
    return { id: textReply(id), event: textsReply(fields)[3] ?? '' };
  });
  const last = entries.at(-1)?.id ?? after ?? START;
  return { last, flat: after === null ? [] : entries.flatMap(({ id, event }) => [id, event]) };
}

/** Streams of events in Redis. */
export function createRedisEventStore(connection: RedisConnection, options: CompiledStateOptions): EventStore {
  const { keys } = connection;
  return {
    ...createRedisEventGroups(connection, options),
    async append(stream, event) {
      const partition = partitionOf(event.clientId);
      const frameId = event.type === 'frame' ? event.id : null;
      const reply = await connection.script(
        'event-append',
        [
          keys.stream(partition, stream),
          keys.streamCounts(partition),
          keys.seenFrame(event.clientId, frameId ?? ''),
          keys.streamGroups(partition, stream),
          keys.streamTailed(partition, stream),
        ],
        [
          JSON.stringify(event),
          stream,
          options.streams[stream],
          frameId === null ? 0 : options.frameIdMs,
          stream === 'upstream' ? 1 : 0,
          partition,
          keys.hintChannelPrefix,
        ],
      );
      if (reply === 'busy') throw new FlotillaError('busy', 'the business does not keep up with what clients say');
    },
    async tail(stream, position, partitions = allPartitions) {
      // From the first call on all partitions have a place, so that nothing said between two calls is passed over.
      const looked = position === null ? allPartitions : partitions;
      const next: Record<number, string> = { ...position };
      const found = await Promise.all(
        looked.map(async (partition) => {
          const page = await readPage(connection, stream, partition, position === null ? null : position[partition]);
          next[partition] = page.last;
          return parseItems(partition, page.flat, 1);
        }),
      );
      return { items: inOrder(found.flat()), position: next };
    },
  };
}
