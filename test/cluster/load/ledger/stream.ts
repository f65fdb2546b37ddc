/** Acceptance times are kept for so many of a stream's newest messages: more than can be on their way. */
const REMEMBERED = 1_024;

/**
 * What was sent to one log, as the sender knows it: messages are numbered 1, 2, 3, …, and one is sent only after the
 * store accepted the one before, so that the numbers are the order of the log.
 */
export class Stream {
  readonly name: string;
  #accepted = 0;
  /** By number modulo {@link REMEMBERED}. Numbers in place: objects that live for minutes would be the load's garbage. */
  readonly #acceptedAt = new Float64Array(REMEMBERED);

  constructor(name: string) {
    this.name = name;
  }

  /** Number of the last message that the store accepted; 0 before the first. */
  get accepted(): number {
    return this.#accepted;
  }

  /** The store accepted the next message. @param nowMs monotonic milliseconds */
  accept(nowMs: number): void {
    this.#accepted += 1;
    this.#acceptedAt[this.#accepted % REMEMBERED] = nowMs;
  }

  /** When a message was accepted; undefined when that is not known yet, or not any more. */
  acceptedAt(number: number): number | undefined {
    const isKnown = number <= this.#accepted && number > this.#accepted - REMEMBERED && number > 0;
    return isKnown ? this.#acceptedAt[number % REMEMBERED] : undefined;
  }
}
