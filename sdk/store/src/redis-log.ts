import { createHash } from 'node:crypto';
import { FlotillaError, type Position } from '@flotilla-im/protocol';
import type { EncodedEntry } from './entry.ts';
import { contentOf, messageIdOf, parseEntry, senderJsonOf } from './entry-codec.ts';
import type { Keys } from './keys.ts';
import type { Append, Appended, LogKey, LogMeta, LogSlice, LogStore, Route } from './log.ts';
import { DEFAULT_PAGE, type LogLimits } from './log-limits.ts';
import { encodeLogName } from './notify-codec.ts';
import { PARTITION_COUNT, partitionOf } from './partition.ts';
import { generationAt, isRecoverable, parseGenerations, startPosition } from './recovery.ts';
import type { RedisConnection, RedisReply } from './redis/connection.ts';

function hash(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Names an application's idempotency key within (log, sender). */
function keyDigest(log: LogKey, entry: EncodedEntry, key: string): string {
  return hash(log.kind, log.id, senderJsonOf(entry), key);
}

interface Call {
  readonly keys: string[];
  readonly args: (string | number)[];
}

/** What the append script is given; its header says the order. */
function appendCall(append: Append, keys: Keys, limits: LogLimits, receiptEvents: number): Call {
  const { log, entry, key } = append;
  const hasReceipt = append.receipt === true && log.kind === 'inbox';
  const partition = partitionOf(log.id);
  let flags = append.notify === 'publish' ? 'p' : 'n';
  const scriptKeys = [keys.log(log), keys.meta(log), keys.routes(log), keys.tails(partition), keys.retried(log)];
  const { maxAgeMs, maxCount, maxBytes, metaTtlMs } = limits;
  const bounds = [maxAgeMs, maxCount, maxBytes, metaTtlMs];
  const args: (string | number)[] = ['', entry, partition, encodeLogName(log), keys.shardChannelPrefix, ...bounds];
  if (append.isRetry === true) flags += 'r';
  if (key !== undefined) {
    flags += 'k';
    scriptKeys.push(keys.idempotency(log, keyDigest(log, entry, key)));
    args.push(hash(contentOf(entry)), limits.keyTtlMs);
  }
  if (hasReceipt) {
    flags += 'w';
    scriptKeys.push(keys.receipts(log.id), keys.stream(partition, 'receipts'), keys.streamCounts(partition));
    args.push(JSON.stringify(log.id), keys.hintChannelPrefix, receiptEvents);
  }
  args[0] = flags;
  return { keys: scriptKeys, args };
}

function parseRoutes(text: string): Route[] {
  if (text === '-') return [];
  return text.split(',').map((route) => {
    const colon = route.indexOf(':');
    return { shard: Number(route.slice(0, colon)), tail: Number(route.slice(colon + 1)) };
  });
}

function parseAppended(reply: RedisReply, append: Append): Appended {
  const text = String(reply);
  if (text === 'x') throw new FlotillaError('key_conflict', 'this idempotency key was used with other content');
  const fields = text.split(' ', 6);
  const [outcome, generation = '', offset, ms, online, routes = '-'] = fields;
  const own = messageIdOf(append.entry);
  const isDuplicate = outcome === 'd';
  // The first one's message id is the rest of the text and may hold spaces.
  const messageId = isDuplicate ? (JSON.parse(text.slice(fields.join(' ').length + 1)) as string) : own;
  return {
    outcome: isDuplicate ? 'duplicate' : 'appended',
    position: { generation, offset: Number(offset) },
    messageId,
    at: Number(ms),
    online: online === '1',
    // The shards find another message id by their tails: a notify with this entry would name the wrong one.
    routes: messageId === own ? parseRoutes(routes) : [],
  };
}

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
export function createRedisLogStore(connection: RedisConnection, limits: LogLimits, receiptEvents: number): LogStore {
  const { keys } = connection;
  const tailKeys = Array.from({ length: PARTITION_COUNT }, (_, partition) => keys.tails(partition));
  return {
    async append(append) {
      const call = appendCall(append, keys, limits, receiptEvents);
      return parseAppended(await connection.script('append', call.keys, call.args), append);
    },
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
