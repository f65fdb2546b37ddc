interface Begun {
  readonly atMs: number;
  isSettled: boolean;
}

/** Who has not been served after this time waits for something else than the pod, and takes nobody's place any more. */
const FORGOTTEN_MS = 5_000;
/** How much the latest one says of how long it takes. */
const LATEST = 0.1;

/**
 * Arrivals that a pod has begun to serve and not welcomed yet. A pod that begins with more of them than it gets through serves
 * nobody in the end: each waits behind all others until its client gives up and comes again, as one more.
 */
export class UnderWay {
  readonly #most: number;
  /** Oldest first; those at its head may be settled. */
  readonly #begun: Begun[] = [];
  #count = 0;
  #tookMs = 0;

  /** @param most - so many at a time */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether nobody else should begin now. */
  isFull(nowMs: number): boolean {
    this.#forget(nowMs);
    return this.#count >= this.#most;
  }

  /** While it is full: in how many milliseconds one of them is through, going by those that were welcomed of late. */
  get eachMs(): number {
    return this.#tookMs / this.#most;
  }

  /** One more. Call what it returns when it was welcomed, or is gone; again, and it does nothing. */
  begin(nowMs: number): (isWelcomed: boolean, nowMs: number) => void {
    const begun: Begun = { atMs: nowMs, isSettled: false };
    this.#begun.push(begun);
    this.#count += 1;
    return (isWelcomed, settledMs) => {
      if (begun.isSettled) return;
      this.#settle(begun);
      if (isWelcomed) this.#tookMs += LATEST * (settledMs - nowMs - this.#tookMs);
    };
  }

  #settle(begun: Begun): void {
    begun.isSettled = true;
    this.#count -= 1;
  }

  #forget(nowMs: number): void {
    let gone = 0;
    for (const begun of this.#begun) {
      if (!begun.isSettled && nowMs - begun.atMs < FORGOTTEN_MS) break;
      if (!begun.isSettled) this.#settle(begun);
      gone += 1;
    }
    this.#begun.splice(0, gone);
  }
}
