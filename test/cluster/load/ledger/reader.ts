/** What an arrival was, for the application that it reached. */
export type Arrival = 'new' | 'repeated' | 'doubled' | 'reordered';

/** One client's reading of one stream: what has arrived, what has not. */
export interface Reader {
  /** A new connection delivers from now on. */
  reconnected(): void;
  /** Message number `number` reached the application. */
  take(number: number): Arrival;
  /** How many of the first `accepted` messages have not arrived. */
  lacking(accepted: number): number;
  /** The first message that has not arrived. */
  readonly next: number;
}

/** Arrivals of a client that is promised every message exactly once and in order. */
export class ExactReader implements Reader {
  #next = 1;
  readonly #skipped = new Set<number>();

  get next(): number {
    return this.#skipped.values().next().value ?? this.#next;
  }

  reconnected(): void {
    // Nothing may come twice, whatever connection brings it.
  }

  take(number: number): Arrival {
    if (this.#skipped.delete(number)) return 'reordered';
    if (number < this.#next) return 'doubled';
    for (let skipped = this.#next; skipped < number; skipped += 1) this.#skipped.add(skipped);
    this.#next = number + 1;
    return 'new';
  }

  lacking(accepted: number): number {
    return this.#skipped.size + Math.max(0, accepted - (this.#next - 1));
  }
}

/**
 * Arrivals of a client that is promised every message at least once and in order: a new connection may begin with what an
 * earlier one brought, but none may bring a message twice, or one after a later one.
 */
export class RepeatingReader implements Reader {
  #next = 1;
  readonly #skipped = new Set<number>();
  /** What this connection brings next; null before its first message. */
  #expected: number | null = null;

  get next(): number {
    return this.#skipped.values().next().value ?? this.#next;
  }

  reconnected(): void {
    this.#expected = null;
  }

  take(number: number): Arrival {
    const isBackwards = this.#expected !== null && number < this.#expected;
    const isSeen = number < this.#next && !this.#skipped.has(number);
    for (let skipped = this.#next; skipped < number; skipped += 1) this.#skipped.add(skipped);
    this.#next = Math.max(this.#next, number + 1);
    this.#expected = Math.max(this.#expected ?? 0, number + 1);
    const wasSkipped = this.#skipped.delete(number);
    if (isBackwards) return isSeen ? 'doubled' : 'reordered';
    // A later message had arrived before, over another connection.
    if (wasSkipped) return 'reordered';
    return isSeen ? 'repeated' : 'new';
  }

  lacking(accepted: number): number {
    return this.#skipped.size + Math.max(0, accepted - (this.#next - 1));
  }
}
