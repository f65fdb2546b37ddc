import type { ClientKind, Excuse, JournalRecord, LogName } from '../../journal/record.ts';

const SENDER = 'sender-0.1';

/** A short run, written down step by step. Times are milliseconds; whatever is not said happens at once. */
export class Plot {
  readonly records: JournalRecord[] = [];
  readonly #connections = new Map<string, number>();
  readonly #numbers = new Map<string, number>();

  phase(tMs: number, name: string, ...excuses: Excuse[]): this {
    return this.#write(['phase', tMs, this.records.length, name, excuses]);
  }

  /** A client comes, and shard 0 serves it at once. */
  client(clientId: string, kind: ClientKind = 'v1', tMs = 0): this {
    return this.#write(['present', tMs, clientId, 'comes']).served(clientId, tMs, 0, kind);
  }

  /** Its next connection. */
  served(clientId: string, tMs: number, shard = 0, kind: ClientKind = 'v1', dialledMs = tMs): this {
    const connection = (this.#connections.get(clientId) ?? 0) + 1;
    this.#connections.set(clientId, connection);
    return this.#write(['served', tMs, clientId, kind, connection, shard, dialledMs]);
  }

  closed(clientId: string, tMs: number, connection = 1, shard = 0): this {
    return this.#write(['closed', tMs, clientId, connection, shard, 1006]);
  }

  present(clientId: string, tMs: number, what: 'comes' | 'leaves' | 'stalls' | 'resumes'): this {
    return this.#write(['present', tMs, clientId, what]);
  }

  joined(clientId: string, log: LogName, tMs = 0): this {
    return this.#write(['joined', tMs, clientId, log]);
  }

  /** The next message of a life to a log, accepted a millisecond later. */
  sent(log: LogName, tMs: number, acceptedMs = tMs + 1, life = SENDER): this {
    const n = this.intends(log, tMs, life);
    return this.#write(['accepted', acceptedMs, life, log, n]);
  }

  /** The same without an answer. Its number. */
  intends(log: LogName, tMs: number, life = SENDER): number {
    const n = (this.#numbers.get(`${life} ${log}`) ?? 0) + 1;
    this.#numbers.set(`${life} ${log}`, n);
    this.#write(['intent', tMs, life, log, n]);
    return n;
  }

  accepted(log: LogName, n: number, tMs: number, life = SENDER): this {
    return this.#write(['accepted', tMs, life, log, n]);
  }

  failed(log: LogName, n: number, tMs: number, life = SENDER): this {
    return this.#write(['failed', tMs, life, log, n, 'unavailable', true]);
  }

  arrived(clientId: string, log: LogName, n: number, tMs: number, connection = 1, life = SENDER): this {
    return this.#write(['arrived', tMs, clientId, connection, life, log, n]);
  }

  gap(clientId: string, log: LogName, tMs: number): this {
    return this.#write(['gap', tMs, clientId, log]);
  }

  loss(tMs: number, watcher = 'watcher-0'): this {
    return this.#write(['loss', tMs, watcher]);
  }

  heard(clientId: string, type: 'online' | 'offline', tMs: number, watcher = 'watcher-0'): this {
    return this.#write(['presence', tMs, watcher, clientId, type, '']);
  }

  fault(tMs: number, what: 'begin' | 'end', name = 'storm'): this {
    return this.#write(['fault', tMs, 1, name, what, '']);
  }

  sample(tMs: number, name: string, value: number): this {
    return this.#write(['sample', tMs, name, value]);
  }

  #write(record: JournalRecord): this {
    this.records.push(record);
    return this;
  }
}
