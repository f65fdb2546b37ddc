import type { Timing } from './timing.ts';

/** Why a pause ended: without a reason given, every wake would make an exception and its stack. */
const WOKEN = Symbol('woken');

/** A pause that a hint ends early. A hint that comes while nobody pauses ends the next pause at once. */
export class Wakeup {
  readonly #timing: Timing;
  #isWoken = false;
  #stop: AbortController | null = null;

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  /** Ends the pause under way, or the next one. */
  wake(): void {
    this.#isWoken = true;
    this.#stop?.abort(WOKEN);
  }

  /** Pauses until woken, until the time is over, or until one of the signals aborts. Never rejects. */
  async pause(ms: number, ...signals: readonly (AbortSignal | undefined)[]): Promise<void> {
    const wake = (): void => this.wake();
    for (const signal of signals) signal?.addEventListener('abort', wake, { once: true });
    try {
      if (this.#isWoken || signals.some((signal) => signal?.aborted)) return;
      this.#stop = new AbortController();
      await this.#timing.wait(ms, this.#stop.signal);
    } finally {
      for (const signal of signals) signal?.removeEventListener('abort', wake);
      this.#stop = null;
      this.#isWoken = false;
    }
  }
}
