import type { ClientEvent, StreamName } from './events.ts';

/** An event of one partition's stream, numbered in the order of arrival over all streams, from 1. */
export interface MemoryEvent {
  readonly number: number;
  readonly event: ClientEvent;
}

/** Streams of events, one of each name a partition. */
export class MemoryStreams {
  readonly #streams = new Map<string, MemoryEvent[]>();
  #last = 0;

  /** The number of the newest event of all. */
  get last(): number {
    return this.#last;
  }

  length(stream: StreamName, partition: number): number {
    return this.#of(stream, partition).length;
  }

  /** Appends; the oldest beyond `bound` go. */
  append(stream: StreamName, partition: number, event: ClientEvent, bound: number): void {
    const events = this.#of(stream, partition);
    events.push({ number: ++this.#last, event });
    if (events.length > bound) events.shift();
  }

  /** Those with a larger number. */
  after(stream: StreamName, partition: number, number: number): readonly MemoryEvent[] {
    return this.#of(stream, partition).filter((found) => found.number > number);
  }

  dropUpTo(stream: StreamName, partition: number, number: number): void {
    const events = this.#of(stream, partition);
    const keep = events.findIndex((found) => found.number > number);
    events.splice(0, keep < 0 ? events.length : keep);
  }

  #of(stream: StreamName, partition: number): MemoryEvent[] {
    const name = `${stream} ${partition}`;
    const known = this.#streams.get(name) ?? [];
    this.#streams.set(name, known);
    return known;
  }
}
