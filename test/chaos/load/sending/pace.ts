/** How much of a second an outage may keep back to be caught up after it. */
const KEPT_BACK = 10;

/** When messages are due at a steady pace. Times are monotonic milliseconds. */
export class Pace {
  readonly #perSecond: number;
  readonly #mostOwed: number;
  #lastMs: number;
  #owed = 0;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#mostOwed = Math.max(2, perSecond / KEPT_BACK);
    this.#lastMs = nowMs;
  }

  /** How many are due now. What was kept from being sent for longer than 100 ms is not caught up. */
  due(nowMs: number): number {
    const added = ((nowMs - this.#lastMs) * this.#perSecond) / 1_000;
    this.#owed = Math.min(this.#owed + added, this.#mostOwed);
    this.#lastMs = nowMs;
    return Math.floor(this.#owed);
  }

  /** One of those due has been sent. */
  sent(): void {
    this.#owed -= 1;
  }
}
