/** The longest wait, at random from zero, after the first failure; doubled by each further one up to the most. */
const FIRST_WAIT_MS = 250;
const MOST_WAIT_MS = 2_000;

/** How long to wait before the next attempt. @param failures in a row @param random from 0 to below 1 */
export function waitAfter(failures: number, random: number): number {
  return random * Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
}

/** Keeps a client coming back that has no library for it, as PROTOCOL.md asks, only sooner. */
export class Redial {
  readonly #open: (redial: Redial) => Promise<void>;
  #failures = 0;
  #isHurried = false;
  #isEnded = false;

  /** Begins at once. @param open dials; calls `again` when that fails or its connection ends */
  constructor(open: (redial: Redial) => Promise<void>) {
    this.#open = open;
    this.#begin();
  }

  /** The client has left meanwhile. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  served(): void {
    this.#failures = 0;
  }

  /** Dials once more. @param retryAfterMs what the shard asked for */
  again(retryAfterMs: number): void {
    if (this.#isEnded) return;
    const waitMs = this.#isHurried ? 0 : retryAfterMs + waitAfter(this.#failures, Math.random());
    this.#failures += 1;
    this.#isHurried = false;
    setTimeout(() => this.#begin(), waitMs);
  }

  /** The next wait is none. */
  hurry(): void {
    this.#isHurried = true;
  }

  end(): void {
    this.#isEnded = true;
  }

  #begin(): void {
    if (!this.#isEnded) this.#open(this).catch(() => this.again(0));
  }
}
