/** A check this much after it was due means that the timer slept (a hidden tab, a closed lid), not that the other side did. */
const SLEPT_MS = 1_000;

/** What a connection's heartbeat asks for. */
export type HeartbeatVerdict = 'fine' | 'ping' | 'dead';

/** Notices a connection that is dead without having been closed. Times are milliseconds of one monotonic clock. */
export class Heartbeat {
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  #sentAt: number;
  #deadline: number;
  #isProbing = false;

  constructor(now: number, intervalMs: number, timeoutMs: number) {
    this.#intervalMs = intervalMs;
    this.#timeoutMs = timeoutMs;
    this.#sentAt = now;
    this.#deadline = now + timeoutMs;
  }

  /** When `check` should be called next. */
  get dueAt(): number {
    return Math.min(this.#sentAt + this.#intervalMs, this.#deadline);
  }

  /** Something was sent. */
  sent(now: number): void {
    this.#sentAt = now;
  }

  /** Anything was received. */
  heard(now: number): void {
    this.#deadline = now + this.#timeoutMs;
    this.#isProbing = false;
  }

  /** Asks for an answer soon, since the network may have changed. The caller sends a ping now. */
  probe(now: number): void {
    if (this.#isProbing) return;
    this.#isProbing = true;
    this.#deadline = now + Math.max(this.#timeoutMs - this.#intervalMs, SLEPT_MS);
  }

  /** `ping`: send one now; `dead`: give the connection up. */
  check(now: number): HeartbeatVerdict {
    if (now >= this.#deadline) {
      if (this.#isProbing || now - this.#deadline < SLEPT_MS) return 'dead';
      this.probe(now);
      return 'ping';
    }
    return now >= this.#sentAt + this.#intervalMs ? 'ping' : 'fine';
  }
}
