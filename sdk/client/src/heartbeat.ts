/** A check this much after it was due means that the timer slept (a hidden tab, a closed lid), not that the other side did. */
const SLEPT_MS = 1_000;

/** What a connection's heartbeat asks for. */
export type HeartbeatVerdict = 'fine' | 'ping' | 'dead';

/** Notices a connection that is dead without having been closed. Times are milliseconds of one monotonic clock. */
export class Heartbeat {
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  #sentAt: number;
  #heardAt: number;
  #deadline: number;
  /** A ping was sent since anything was received. */
  #hasAsked = false;
  #isProbing = false;

  constructor(now: number, intervalMs: number, timeoutMs: number) {
    this.#intervalMs = intervalMs;
    this.#timeoutMs = timeoutMs;
    this.#sentAt = now;
    this.#heardAt = now;
    this.#deadline = now + timeoutMs;
  }

  /** When `check` should be called next. */
  get dueAt(): number {
    return Math.min(this.#pingAt, this.#deadline);
  }

  /** Something was sent. */
  sent(now: number): void {
    this.#sentAt = now;
  }

  /** Anything was received. */
  heard(now: number): void {
    this.#heardAt = now;
    this.#hasAsked = false;
    this.#deadline = now + this.#timeoutMs;
    this.#isProbing = false;
  }

  /** Asks for an answer soon, since the network may have changed. The caller sends a ping now. */
  probe(now: number): void {
    if (this.#isProbing) return;
    this.#isProbing = true;
    this.#hasAsked = true;
    this.#deadline = now + Math.max(this.#timeoutMs - this.#intervalMs, SLEPT_MS);
  }

  /** `ping`: send one now; `dead`: give the connection up. */
  check(now: number): HeartbeatVerdict {
    if (now >= this.#deadline) {
      if (this.#isProbing || now - this.#deadline < SLEPT_MS) return 'dead';
      this.probe(now);
      return 'ping';
    }
    if (now < this.#pingAt) return 'fine';
    this.#hasAsked = true;
    return 'ping';
  }

  /** The other end hears something every interval; and whoever heard nothing for one asks, since not all that is sent is answered. */
  get #pingAt(): number {
    const quietSince = this.#hasAsked ? this.#sentAt : Math.min(this.#sentAt, this.#heardAt);
    return quietSince + this.#intervalMs;
  }
}
