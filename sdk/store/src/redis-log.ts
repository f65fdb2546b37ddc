import { FlotillaError, type Position } from '@flotilla-im/protocol';
import { parseEntry } from './entry-codec.ts';
import type { LogMeta, LogSlice, LogStore } from './log.ts';
import { DEFAULT_PAGE, type LogLimits } from './log-limits.ts';
import { encodeLogName } from './notify-codec.ts';
import { PARTITION_COUNT } from './partition.ts';
import { generationAt, isRecoverable, parseGenerations, startPosition } from './recovery.ts';
import { RedisAppender } from './redis-append.ts';
import type { RedisConfirmations } from './redis-confirm.ts';
import type { RedisConnection, RedisReply } from './redis/connection.ts';

function parseMeta([last, head, generations]: readonly RedisReply[]): LogMeta {
  return { last: Number(last), head: Number(head), generations: parseGenerations(String(generations)) };
}

/**
 * Makes a page of what the log scripts reply: `{ last, head, generations, start offset, entries… }`.
 *
 * @param after - the position that was asked for
 */
export function parseSlice(reply: RedisReply, after: Position | null): LogSlice {
  if (!Array.isArray(reply)) throw new FlotillaError('internal', 'a log script gave no page');
  const items: readonly RedisReply[] = reply;
  const meta = parseMeta(items);
  const start = Number(items[3]);
  const entries = items.slice(4).map((text, i) => {
    const offset = start + 1 + i;
    return parseEntry(String(text), 0, generationAt(meta.generations, offset), offset);
  });
  return { meta, entries, start: startPosition(meta, after, start), recovered: isRecoverable(meta, after) };
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
      return parseSlice(await connection.script('log-read', [keys.log(log), keys.meta(log)], args), after);
    },
    async meta(log) {
      const reply = await connection.script('log-meta', [keys.log(log), keys.meta(log)], []);
      return parseMeta(reply as readonly RedisReply[]);
    },
    masters: () => connection.masters(),
    async tails(shard) {
      if (connection.target.kind !== 'cluster') {
        return String(await connection.script('tails', tailKeys, [shard]))
          .split(',')
          .map(Number);
      }
      const replies = await Promise.all(tailKeys.map((key) => connection.command('HGET', key, shard)));
      return replies.map(Number);
    },
  };
}
