import { FlotillaError } from '@flotilla-im/protocol';

interface Waiting {
  readonly dueMs: number;
  readonly reject: (error: Error) => void;
}

/**
 * One deadline for many waits. All last equally long, so the oldest is always the first due and one timer is enough,
 * instead of one a command.
 */
export class Deadlines {
  readonly #limitMs: number;
  readonly #onExpired: () => void;
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | null = null;

  /** `onExpired` is called after each sweep that found at least one overdue wait. */
  constructor(limitMs: number, onExpired: () => void) {
    this.#limitMs = limitMs;
    this.#onExpired = onExpired;
  }

  /** How many waits are under way. */
  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Settles as `promise` does (errors through `mapError`), or rejects when the limit passes first.
   *
   * @throws {FlotillaError} store_unavailable when the limit passed; whether the command ran is unknown then.
   */
  limit<T>(promise: Promise<T>, mapError: (cause: unknown) => Error): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting = { dueMs: performance.now() + this.#limitMs, reject };
      this.#waiting.add(waiting);
      this.#arm();
      promise.then(
        (value) => {
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
    this.#timer = null;
  }

  #arm(): void {
    this.#timer ??= setInterval(() => this.#sweep(), Math.max(10, this.#limitMs / 8));
  }

  #sweep(): void {
    const nowMs = performance.now();
    let isExpired = false;
    for (const waiting of this.#waiting) {
      if (waiting.dueMs > nowMs) break;
      this.#waiting.delete(waiting);
      waiting.reject(new FlotillaError('store_unavailable', `Redis did not answer within ${this.#limitMs} ms`));
      isExpired = true;
    }
    if (this.#waiting.size === 0) this.close();
    if (isExpired) this.#onExpired();
  }
}
