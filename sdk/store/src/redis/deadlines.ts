import { FlotillaError } from '@flotilla-im/protocol';

interface Waiting {
  readonly sinceMs: number;
  readonly reject: (error: Error) => void;
}

/** However many answers come before it, nothing is waited for longer than that many times the limit: half a minute by default. */
export const LIMITS_IN_ORDER = 15;

/**
 * One deadline for many waits. All last equally long, so the oldest is always the first due and one timer is enough,
 * instead of one a command.
 *
 * A server answers commands in the order in which they were sent. So as long as answers come, those behind are on their way, and
 * to give them up would only have them sent again, behind all the others: what is slow would become slower with each. Nor is
 * the store late where this process is: what has arrived meanwhile is read first.
 */
export class Deadlines {
  readonly #limitMs: number;
  readonly #onExpired: () => void;
  readonly #mostLimits: number;
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | null = null;
  #looking: NodeJS.Immediate | null = null;
  /** When an answer came last. */
  #heardMs = -Infinity;

  /**
   * `onExpired` is called after each sweep that found at least one overdue wait.
   *
   * @param mostLimits - while answers come, so many times the limit is waited; more than 1 only where one server answers all
   */
  constructor(limitMs: number, onExpired: () => void, mostLimits = 1) {
    this.#limitMs = limitMs;
    this.#onExpired = onExpired;
    this.#mostLimits = mostLimits;
  }

  /** How many waits are under way. */
  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Settles as `promise` does (errors through `mapError`), or rejects when the limit passes first: without any answer, to this or
   * to another wait, or as often as is waited at most whatever comes.
   *
   * @throws {FlotillaError} store_unavailable when the limit passed; whether the command ran is unknown then.
   */
  limit<T>(promise: Promise<T>, mapError: (cause: unknown) => Error): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting = { sinceMs: performance.now(), reject };
      this.#waiting.add(waiting);
      this.#arm();
      promise.then(
        (value) => {
          this.#heardMs = performance.now();
          this.#waiting.delete(waiting);
          resolve(value);
        },
        (cause: unknown) => {
          this.#waiting.delete(waiting);
          reject(mapError(cause));
        },
      );
    });
  }

  /** Stops the timer; waits under way keep their promise's outcome but have no deadline any more. */
  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#looking !== null) clearImmediate(this.#looking);
    this.#timer = this.#looking = null;
  }

  #arm(): void {
    this.#timer ??= setInterval(() => this.#look(), Math.max(10, this.#limitMs / 8));
  }

  /** After the sockets have been read: this process may not have run for a while. */
  #look(): void {
    const [first] = this.#waiting;
    if (first === undefined) this.close();
    else if (first.sinceMs + this.#limitMs <= performance.now()) {
      this.#looking ??= setImmediate(() => {
        this.#looking = null;
        this.#sweep();
      });
    }
  }

  #sweep(): void {
    const nowMs = performance.now();
    const isSilent = nowMs - this.#heardMs >= this.#limitMs;
    const limitMs = isSilent ? this.#limitMs : this.#mostLimits * this.#limitMs;
    let isExpired = false;
    for (const waiting of this.#waiting) {
      if (waiting.sinceMs + limitMs > nowMs) break;
      this.#waiting.delete(waiting);
      waiting.reject(new FlotillaError('store_unavailable', `Redis did not answer within ${limitMs} ms`));
      isExpired = true;
    }
    if (this.#waiting.size === 0) this.close();
    if (isExpired) this.#onExpired();
  }
}
