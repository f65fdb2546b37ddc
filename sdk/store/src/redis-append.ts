import { createHash } from 'node:crypto';
import { FlotillaError, isFlotillaError } from '@flotilla-im/protocol';
import type { EncodedEntry } from './entry.ts';
import { contentOf, messageIdOf, senderJsonOf } from './entry-codec.ts';
import { masterOf } from './generation.ts';
import type { Keys } from './keys.ts';
import type { Append, Appended, LogKey, Route } from './log.ts';
import type { LogLimits } from './log-limits.ts';
import { encodeNotedName } from './notify-codec.ts';
import { partitionOf } from './partition.ts';
import type { RedisConnection, RedisReply } from './redis/connection.ts';

/** Messages of one step: Redis does nothing else meanwhile. */
const MOST = 64;
/** Text of one step, in UTF-16 units. */
const MOST_LENGTH = 262_144;

/** One append that waits for the end of this turn. */
interface Waiting {
  readonly append: Append;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

interface Batch {
  readonly waiting: Waiting[];
  length: number;
}

/**
 * Appends to logs in Redis. Those of one turn of the event loop go in one step: all together where there is one master, those
 * of a partition together on a cluster. Appends of one log keep the order of the calls.
 */
export class RedisAppender {
  readonly #connection: RedisConnection;
  readonly #bounds: readonly (string | number)[];
  /** What waits, by what may share a step. */
  readonly #batches = new Map<number, Batch>();
  #isDue = false;

  /** @param receiptEvents - how many receipt events a partition keeps; the oldest go */
  constructor(connection: RedisConnection, limits: LogLimits, receiptEvents: number) {
    const { maxAgeMs, maxCount, maxBytes, metaTtlMs, keyTtlMs } = limits;
    const { shardChannelPrefix, hintChannelPrefix } = connection.keys;
    this.#connection = connection;
    this.#bounds = [
      shardChannelPrefix,
      maxAgeMs,
      maxCount,
      maxBytes,
      metaTtlMs,
      keyTtlMs,
      hintChannelPrefix,
      receiptEvents,
    ];
  }

  /** @throws {FlotillaError} see `LogStore.append` */
  append(append: Append): Promise<Appended> {
    return new Promise((resolve, reject) => {
      const group = this.#connection.target.kind === 'cluster' ? partitionOf(append.log.id) : 0;
      let batch = this.#batches.get(group);
      if (batch === undefined) this.#batches.set(group, (batch = { waiting: [], length: 0 }));
      batch.waiting.push({ append, resolve, reject });
      batch.length += append.entry.length;
      if (batch.waiting.length >= MOST || batch.length >= MOST_LENGTH) this.#send(group, batch);
      else this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      for (const [group, batch] of this.#batches) this.#send(group, batch);
    });
  }

  #send(group: number, { waiting }: Batch): void {
    this.#batches.delete(group);
    this.#run(waiting.map(({ append }) => append)).then(
      (replies) => waiting.forEach((one, i) => settle(one, replies[i] ?? null)),
      (error: unknown) => this.#failed(waiting, error),
    );
  }

  /** A step that Redis broke off may be one log's fault only: the others are found to be written, or written now. */
  #failed(waiting: readonly Waiting[], error: unknown): void {
    const isOwnFault = isFlotillaError(error) && error.code === 'internal';
    for (const one of waiting) {
      if (!isOwnFault || waiting.length === 1) one.reject(error);
      else this.#run([{ ...one.append, isRetry: true }]).then(([reply]) => settle(one, reply ?? null), one.reject);
    }
  }

  async #run(appends: readonly Append[]): Promise<readonly RedisReply[]> {
    const { keys: names } = this.#connection;
    const keys: string[] = [];
    const args = [...this.#bounds];
    for (const append of appends) addCall(append, names, keys, args);
    return (await this.#connection.script('append', keys, args)) as readonly RedisReply[];
  }
}

/** Adds what the append script is given of one message; its header says the order. */
function addCall(append: Append, names: Keys, keys: string[], args: (string | number)[]): void {
  const { log, entry, key } = append;
  const hasReceipt = append.receipt === true && log.kind === 'inbox';
  const partition = partitionOf(log.id);
  let flags = append.notify === 'publish' ? 'p' : 'n';
  flags += log.kind === 'inbox' ? 'i' : 'c';
  if (append.isRetry === true) flags += 'r';
  if (key !== undefined) flags += 'k';
  if (hasReceipt) flags += 'w';
  const own = names.append(log, partition);
  keys.push(own.log, own.meta, own.routes, own.tails);
  args.push(entry, `${flags} ${partition} ${encodeNotedName(log, entry)}`);
  if (append.isRetry === true) keys.push(names.retried(log));
  if (key !== undefined) {
    keys.push(names.idempotency(log, keyDigest(log, entry, key)));
    args.push(hash(contentOf(entry)));
  }
  if (hasReceipt) {
    keys.push(names.receipts(log.id), names.stream(partition, 'receipts'), names.streamCounts(partition));
    args.push(JSON.stringify(log.id));
  }
}

function hash(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Names an application's idempotency key within (log, sender). */
function keyDigest(log: LogKey, entry: EncodedEntry, key: string): string {
  return hash(log.kind, log.id, senderJsonOf(entry), key);
}

function settle({ append, resolve, reject }: Waiting, reply: RedisReply): void {
  const text = String(reply);
  if (text === 'x') reject(new FlotillaError('key_conflict', 'this idempotency key was used with other content'));
  else resolve(parseAppended(text, append));
}

function parseAppended(text: string, append: Append): Appended {
  const fields = text.split(' ', 7);
  const [outcome, generation = '', offset, ms, online, routes = '-', master = masterOf(generation)] = fields;
  const own = messageIdOf(append.entry);
  const isDuplicate = outcome === 'd';
  // The first one's message id is the rest of the text and may hold spaces.
  const messageId = isDuplicate ? (JSON.parse(text.slice(fields.join(' ').length + 1)) as string) : own;
  return {
    outcome: isDuplicate ? 'duplicate' : 'appended',
    position: { generation, offset: Number(offset) },
    messageId,
    at: Number(ms),
    master,
    online: online === '1',
    // The shards find another message id by their tails: a notify with this entry would name the wrong one.
    routes: messageId === own ? parseRoutes(routes) : [],
  };
}

function parseRoutes(text: string): Route[] {
  if (text === '-') return [];
  return text.split(',').map((route) => {
    const colon = route.indexOf(':');
    return { shard: Number(route.slice(0, colon)), tail: Number(route.slice(colon + 1)) };
  });
}
