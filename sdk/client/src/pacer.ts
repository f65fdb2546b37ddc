/**
 * Keeps a connection's requests below the rate at which a pod closes it: `burst` at once, then `perSecond`. Times are
 * milliseconds of the machine's clock.
 */
export class Pacer {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(now: number, perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** How many requests may be sent now. */
  allowed(now: number): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) * this.#perSecond) / 1_000);
    this.#at = now;
    // A timer that rings on time must find its token there, whatever the fractions add up to.
    return Math.floor(this.#tokens + 1e-6);
  }

  /** So many were sent. */
  spend(count: number): void {
    this.#tokens -= count;
  }

  /** When the next one may be sent. */
  get nextAt(): number {
    return this.#at + (Math.max(0, 1 - this.#tokens) * 1_000) / this.#perSecond;
  }
}
