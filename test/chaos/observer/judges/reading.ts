import type { Messages } from '../history/sends.ts';

/** What an arrival was, for the application that it reached. */
export type Outcome = 'new' | 'repeated' | 'duplicated' | 'reordered';

/** How one client got the messages of one log. */
export interface Reading {
  readonly log: number;
  /** The message at this place reached the application, over this connection. */
  take(place: number, connection: number): Outcome;
  /** Whether the message at this place has come. */
  has(place: number): boolean;
}

/**
 * What both promises have in common. The order is that of {@link Messages}: a later message was sent only after an earlier
 * one had been accepted. But a message that a life of a sender left without an answer may get into the log when the next
 * life already sends: it may come late, or never.
 */
class Seen {
  readonly log: number;
  /** The latest message so far, by its place; -1 before the first. */
  highest = -1;
  readonly #messages: Messages;
  readonly #from: number;
  readonly #seen: Uint8Array;

  constructor(messages: Messages, log: number) {
    const [from, to] = messages.range(log);
    this.log = log;
    this.#messages = messages;
    this.#from = from;
    this.#seen = new Uint8Array(to - from);
  }

  has(place: number): boolean {
    return this.#seen[place - this.#from] === 1;
  }

  /** Whether it comes after one that was sent later. */
  add(place: number): boolean {
    this.#seen[place - this.#from] = 1;
    const isBehind = place < this.highest && !this.mayBeBehind(place);
    this.highest = Math.max(this.highest, place);
    return isBehind;
  }

  mayBeBehind(place: number): boolean {
    return !this.#messages.isAccepted(place) && this.#messages.life[place] !== this.#messages.life[this.highest];
  }
}

/** Of a client that is promised every message exactly once and in order, whatever connection brings it. */
class ExactReading extends Seen implements Reading {
  take(place: number): Outcome {
    if (this.has(place)) return 'duplicated';
    return this.add(place) ? 'reordered' : 'new';
  }
}

/**
 * Of a client that is promised every message at least once and in order: a new connection may begin with what earlier ones
 * brought, in order; none may bring a message twice, or one after a later one.
 */
class RepeatingReading extends Seen implements Reading {
  #connection = 0;
  /** The latest message that this connection brought; -1 before its first. */
  #last = -1;

  take(place: number, connection: number): Outcome {
    const isOver = connection < this.#connection;
    if (connection > this.#connection) this.#last = -1;
    this.#connection = Math.max(this.#connection, connection);
    const isBackwards = isOver || place <= this.#last;
    const isSeen = this.has(place);
    this.#last = Math.max(this.#last, place);
    if (isSeen) return isBackwards ? 'duplicated' : 'repeated';
    // Later than one that came over an earlier connection, or over this one.
    return this.add(place) ? 'reordered' : 'new';
  }
}

/** @param isExact - whether the client's library drops repetitions */
export function createReading(messages: Messages, log: number, isExact: boolean): Reading {
  return isExact ? new ExactReading(messages, log) : new RepeatingReading(messages, log);
}
