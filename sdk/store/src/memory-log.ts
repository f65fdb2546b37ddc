import { FlotillaError, type Position, utf8Bytes } from '@flotilla-im/protocol';
import type { EncodedEntry, LogEntry } from './entry.ts';
import { contentOf, messageIdOf, parseBody, senderJsonOf } from './entry-codec.ts';
import { createGeneration, masterOf } from './generation.ts';
import type { Append, Appended, LogKey, LogMeta, LogSlice, LogStore } from './log.ts';
import { DEFAULT_PAGE, type LogLimits } from './log-limits.ts';
import { countTail, type MemoryState, memoryRoutes } from './memory-state.ts';
import { PARTITION_COUNT, partitionOf } from './partition.ts';
import { isRecoverable, startOffset, startPosition } from './recovery.ts';

interface Stored {
  readonly entry: LogEntry;
  /** As it would take in Redis. */
  readonly bytes: number;
}

interface MemoryLog {
  readonly generation: string;
  stored: Stored[];
  /** Ids of those that retries appended: a first attempt may come after its retry. */
  readonly retried: Set<string>;
  last: number;
  bytes: number;
  /** Milliseconds of the last append. */
  usedMs: number;
}

interface KeyRecord {
  readonly content: string;
  readonly entry: LogEntry;
  readonly untilMs: number;
}

type Page = { readonly limit: number; readonly maxBytes: number };

function newLog(generation: string): MemoryLog {
  return { generation, stored: [], retried: new Set(), last: 0, bytes: 0, usedMs: 0 };
}

const NEVER_USED: MemoryLog = Object.freeze(newLog(''));

/** The logs of a memory store. Each method is one step, as a script is. */
export class MemoryLogs {
  readonly #state: MemoryState;
  readonly #limits: LogLimits;
  readonly #logs = new Map<string, MemoryLog>();
  readonly #keys = new Map<string, KeyRecord>();

  constructor(state: MemoryState, limits: LogLimits) {
    this.#state = state;
    this.#limits = limits;
  }

  /** @throws {FlotillaError} key_conflict */
  append(append: Append): Appended {
    const known = this.#findByKey(append) ?? this.#findByRetry(append);
    const entry = known ?? this.#add(append);
    const own = messageIdOf(append.entry);
    const shards = memoryRoutes(this.#state, append.log);
    const isDuplicate = known !== null;
    if (!isDuplicate && append.receipt === true) this.#watch(append.log, entry, shards.size > 0);
    // A duplicate was published with the first attempt; its routes go to a caller that did not get them.
    const isTold = !isDuplicate || (append.notify === 'return' && entry.messageId === own);
    const routes = isTold ? this.#count(append.log, shards) : [];
    const { generation, offset, at } = entry;
    if (append.notify === 'publish') {
      const partition = partitionOf(append.log.id);
      for (const { shard, tail } of routes) {
        const items = [{ partition, tail, log: append.log, entry }];
        this.#state.links.publish(shard, { type: 'durable', items });
      }
    }
    return {
      outcome: isDuplicate ? 'duplicate' : 'appended',
      position: { generation, offset },
      messageId: entry.messageId,
      at,
      master: masterOf(generation),
      online: shards.size > 0,
      routes: append.notify === 'return' ? routes : [],
    };
  }

  /** Whether any shard was named. */
  publishLive(log: LogKey, encoded: EncodedEntry): boolean {
    const shards = memoryRoutes(this.#state, log);
    const entry = parseBody(encoded, 0, '0', 0, this.#state.now());
    for (const shard of shards) this.#state.links.publish(shard, { type: 'live', log, entry });
    return shards.size > 0;
  }

  /** As `LogStore.read`. */
  read(key: LogKey, after: Position | null, { limit, maxBytes }: Page): LogSlice {
    const { stored } = this.#peek(key);
    const meta = this.meta(key);
    const start = startOffset(meta, after);
    const entries: LogEntry[] = [];
    let bytes = 0;
    for (const { entry, bytes: size } of stored.slice(
      start + 1 - meta.head,
      start + 1 - meta.head + Math.max(1, limit),
    )) {
      bytes += size;
      if (bytes > maxBytes && entries.length > 0) break;
      entries.push(entry);
    }
    return { meta, entries, start: startPosition(meta, after, start), recovered: isRecoverable(meta, after) };
  }

  /** As `LogStore.meta`. */
  meta(key: LogKey): LogMeta {
    const { stored, last, generation } = this.#peek(key);
    const generations = last === 0 ? [] : [{ generation, first: 1 }];
    return { generations, last, head: last - stored.length + 1, life: this.#state.life };
  }

  #peek(key: LogKey): MemoryLog {
    const name = `${key.kind} ${key.id}`;
    const log = this.#logs.get(name);
    if (log === undefined) return NEVER_USED;
    const idleMs = this.#state.now() - log.usedMs;
    const { maxAgeMs, metaTtlMs } = this.#limits;
    if (idleMs > maxAgeMs + metaTtlMs) {
      this.#logs.delete(name);
      return NEVER_USED;
    }
    if (idleMs > maxAgeMs) {
      Object.assign(log, { stored: [], bytes: 0 });
      log.retried.clear();
    }
    return log;
  }

  #add({ log: key, entry: encoded, key: idempotency, isRetry }: Append): LogEntry {
    const name = `${key.kind} ${key.id}`;
    const found = this.#peek(key);
    const at = this.#state.now();
    const log = found === NEVER_USED ? newLog(createGeneration(this.#state.master, at)) : found;
    this.#logs.set(name, log);
    const entry = Object.freeze(parseBody(encoded, 0, log.generation, log.last + 1, at));
    const bytes = utf8Bytes(encoded) + String(at).length + 1;
    log.last += 1;
    log.usedMs = at;
    log.bytes += bytes;
    log.stored.push({ entry, bytes });
    if (isRetry === true) log.retried.add(entry.messageId);
    this.#trim(log, at);
    if (idempotency !== undefined) {
      const untilMs = at + this.#limits.keyTtlMs;
      this.#keys.set(this.#keyName(key, encoded, idempotency), { content: contentOf(encoded), entry, untilMs });
    }
    return entry;
  }

  #trim(log: MemoryLog, nowMs: number): void {
    const { maxAgeMs, maxBytes, maxCount } = this.#limits;
    let dropped = 0;
    while (dropped < log.stored.length - 1) {
      const oldest = log.stored[dropped];
      const isOld = (oldest?.entry.at ?? nowMs) < nowMs - maxAgeMs;
      if (log.stored.length - dropped <= maxCount && log.bytes <= maxBytes && !isOld) break;
      log.bytes -= oldest?.bytes ?? 0;
      dropped += 1;
    }
    for (const { entry } of log.stored.splice(0, dropped)) log.retried.delete(entry.messageId);
  }

  #keyName(log: LogKey, entry: EncodedEntry, key: string): string {
    return JSON.stringify([log.kind, log.id, senderJsonOf(entry), key]);
  }

  #findByKey({ log, entry, key }: Append): LogEntry | null {
    if (key === undefined) return null;
    const nowMs = this.#state.now();
    // Insertion order is order of expiry, so the expired ones are at the front.
    for (const [name, { untilMs }] of this.#keys) {
      if (untilMs > nowMs) break;
      this.#keys.delete(name);
    }
    const record = this.#keys.get(this.#keyName(log, entry, key));
    if (record === undefined) return null;
    if (record.content === contentOf(entry)) return record.entry;
    throw new FlotillaError('key_conflict', 'this idempotency key was used with other content');
  }

  #findByRetry({ log, entry, isRetry }: Append): LogEntry | null {
    const { stored: all, retried } = this.#peek(log);
    const messageId = messageIdOf(entry);
    if (isRetry !== true && !retried.has(messageId)) return null;
    return all.findLast((stored) => stored.entry.messageId === messageId)?.entry ?? null;
  }

  #count(log: LogKey, shards: ReadonlySet<number>): { shard: number; tail: number }[] {
    const partition = partitionOf(log.id);
    return [...shards].map((shard) => ({ shard, tail: countTail(this.#state, partition, shard) }));
  }

  #watch(log: LogKey, { generation, offset, head, messageId, from, at }: LogEntry, isOnline: boolean): void {
    if (log.kind !== 'inbox') return;
    const clientId = log.id;
    if (!isOnline) {
      this.#state.links.emit('receipts', { type: 'receipt', clientId, messageId, from, state: 'offline', at });
      return;
    }
    const watchers = this.#state.watchers.get(clientId) ?? [];
    watchers.push({ kind: 'event', generation, offset, head });
    this.#state.watchers.set(clientId, watchers);
  }
}

/** The port over logs in memory. */
export function createMemoryLogStore(state: MemoryState, logs: MemoryLogs): LogStore {
  // A step that throws rejects, as one in Redis does.
  const step = <T>(run: () => T): Promise<T> => new Promise((resolve) => resolve(run()));
  return {
    append: (append) => step(() => logs.append(append)),
    // There is nothing but this process's memory.
    confirm: null,
    publishLive: (log, entry) => step(() => logs.publishLive(log, entry)),
    read: (log, after, options) => step(() => logs.read(log, after, { ...DEFAULT_PAGE, ...options })),
    meta: (log) => step(() => logs.meta(log)),
    masters: () => step(() => Array.from({ length: PARTITION_COUNT }, () => state.master)),
    tails: (shard) =>
      step(() => ({
        numbers: Array.from({ length: PARTITION_COUNT }, (_, partition) => state.tails[partition]?.get(shard) ?? 0),
        lives: Array.from({ length: PARTITION_COUNT }, () => state.life),
      })),
  };
}
