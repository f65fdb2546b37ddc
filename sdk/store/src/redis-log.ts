import { FlotillaError, type Position } from '@flotilla-im/protocol';
import { damaged, readEntry } from './entry-codec.ts';
import type { LogKey, LogMeta, LogSlice, LogStore, Tails } from './log.ts';
import { DEFAULT_PAGE, type LogLimits } from './log-limits.ts';
import { encodeLogName } from './notify-codec.ts';
import { PARTITION_COUNT, partitionOf } from './partition.ts';
import { generationAt, isRecoverable, parseGenerations, startPosition } from './recovery.ts';
import { RedisAppender } from './redis-append.ts';
import type { RedisConfirmations } from './redis-confirm.ts';
import type { RedisConnection, RedisReply } from './redis/connection.ts';
import { listReply, textReply, textsReply } from './redis/reply.ts';

function parseMeta([last, head, generations, life]: readonly RedisReply[]): LogMeta {
  const meta = {
    last: Number(last),
    head: Number(head),
    generations: parseGenerations(String(generations)),
    life: String(life),
  };
  if (!Number.isSafeInteger(meta.last) || !Number.isSafeInteger(meta.head)) throw damaged();
  return meta;
}

/**
 * Makes a page of what the log scripts reply: `{ last, head, generations, life, start offset, entries… }`.
 *
 * @param after - the position that was asked for
 * @throws {FlotillaError} internal, when the log's metadata is damaged
 */
export function parseSlice(reply: RedisReply, after: Position | null): LogSlice {
  if (!Array.isArray(reply)) throw new FlotillaError('internal', 'a log script gave no page');
  const items: readonly RedisReply[] = reply;
  const meta = parseMeta(items);
  const start = Number(items[4]);
  const entries = items.slice(5).map((text, i) => {
    const offset = start + 1 + i;
    return readEntry(String(text), generationAt(meta.generations, offset), offset);
  });
  return { meta, entries, start: startPosition(meta, after, start), recovered: isRecoverable(meta, after) };
}

function parseTails(numbers: readonly string[], lives: readonly string[]): Tails {
  return { numbers: numbers.map(Number), lives };
}

/**
 * Logs in Redis: a list of entries and a hash of metadata each; see keys.ts.
 *
 * @param receiptEvents - how many receipt events a partition keeps; the oldest go
 */
export function createRedisLogStore(
  connection: RedisConnection,
  confirmations: RedisConfirmations,
  limits: LogLimits,
  receiptEvents: number,
): LogStore {
  const { keys } = connection;
  const appender = new RedisAppender(connection, limits, receiptEvents);
  const pageKeys = (log: LogKey): string[] => [keys.log(log), keys.meta(log), keys.tails(partitionOf(log.id))];
  const tailKeys = Array.from({ length: PARTITION_COUNT }, (_, partition) => keys.tails(partition));
  return {
    append: (append) => appender.append(append),
    confirm: (log, master, durability) => confirmations.confirm(log, master, durability),
    async publishLive(log, entry) {
      const args = [encodeLogName(log), entry, keys.shardChannelPrefix];
      return Number(await connection.script('live', [keys.routes(log)], args)) > 0;
    },
    async read(log, after, options = {}) {
      const { limit = DEFAULT_PAGE.limit, maxBytes = DEFAULT_PAGE.maxBytes } = options;
      const args = [after?.generation ?? '', after?.offset ?? 0, Math.max(1, limit), maxBytes];
      return parseSlice(await connection.script('log-read', pageKeys(log), args), after);
    },
    async meta(log) {
      const reply = await connection.script('log-meta', pageKeys(log), []);
      return parseMeta(reply as readonly RedisReply[]);
    },
    masters: () => connection.masters(),
    async tails(shard) {
      if (connection.target.kind !== 'cluster') {
        const [numbers, lives] = textsReply(await connection.script('tails', tailKeys, [shard]));
        return parseTails((numbers ?? '').split(','), (lives ?? '').split(','));
      }
      const replies = await Promise.all(tailKeys.map((key) => connection.command('HMGET', key, shard, 'life')));
      const found = replies.map(async (reply, partition) => {
        const [number, life] = listReply(reply);
        if (life) return { number, life };
        // The first one who asks makes it.
        const [, made] = listReply(await connection.script('tails', [keys.tails(partition)], [shard]));
        return { number, life: made };
      });
      const all = await Promise.all(found);
      return parseTails(
        all.map(({ number }) => textReply(number)),
        all.map(({ life }) => textReply(life)),
      );
    },
  };
}
