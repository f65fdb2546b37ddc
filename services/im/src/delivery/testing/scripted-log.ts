import { LOG_START, type Position } from '@flotilla-im/protocol';
import {
  entryHead,
  type Generation,
  isRecoverable,
  type LogEntry,
  type LogKey,
  type LogMeta,
  type LogSlice,
  positionAt,
  startOffset,
} from '@flotilla-im/store';

/** A log that a test writes, trims and lets lose its end. */
export class ScriptedLog {
  readonly key: LogKey;
  /** Reads that were asked for. */
  reads = 0;
  #entries: LogEntry[] = [];
  #generations: Generation[] = [];
  #generation: string;
  #made = 0;

  constructor(key: LogKey = { kind: 'inbox', id: 'alice' }, generation = 'aaaaaaaaaaaa') {
    this.key = key;
    this.#generation = generation;
  }

  get last(): number {
    return this.#entries.at(-1)?.offset ?? this.#trimmedTo;
  }

  #trimmedTo = 0;

  /** Appends a message with unique data, or with these. */
  append(more: Partial<LogEntry> = {}): LogEntry {
    const offset = this.last + 1;
    if (this.#generations.at(-1)?.generation !== this.#generation) {
      this.#generations.push({ generation: this.#generation, first: offset });
    }
    const number = (this.#made += 1);
    const entry: LogEntry = {
      messageId: `m${number}`,
      from: null,
      format: 'json',
      data: String(number),
      excludeSender: false,
      generation: this.#generation,
      offset,
      at: 1_000 + number,
      head: entryHead(`m${number}`, more.from ?? null),
      ...more,
    };
    this.#entries.push(entry);
    return entry;
  }

  /** A replica without the last `lost` messages takes over. */
  failOver(lost: number, generation = 'bbbbbbbbbbbb'): void {
    if (lost > 0) this.#entries.splice(-lost);
    this.#generations = this.#generations.filter(({ first }) => first <= this.last);
    this.#generation = generation;
  }

  /** Only the last `kept` messages stay. */
  trim(kept: number): void {
    this.#trimmedTo = this.last;
    this.#entries = kept === 0 ? [] : this.#entries.slice(-kept);
  }

  meta(): LogMeta {
    const head = this.#entries[0]?.offset ?? this.last + 1;
    return { generations: [...this.#generations], last: this.last, head, life: LOG_START.generation };
  }

  read(after: Position, limit = 256): LogSlice {
    this.reads += 1;
    const meta = this.meta();
    const start = startOffset(meta, after);
    const recovered = isRecoverable(meta, after);
    return {
      meta,
      start: recovered ? after : positionAt(meta, start),
      recovered,
      entries: this.#entries.filter(({ offset }) => offset > start).slice(0, limit),
    };
  }
}
