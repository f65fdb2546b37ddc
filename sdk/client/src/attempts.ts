import { type BackoffOptions, backoffMs } from './backoff.ts';

/** What is waited for while there is no socket. */
type Pause =
  | { readonly type: 'none' }
  | { readonly type: 'address'; readonly ticket: number; readonly until: number }
  | { readonly type: 'retry'; readonly until: number; readonly notBefore: number };

const NONE: Pause = Object.freeze({ type: 'none' });

/** When to try, and how long to wait for an address. Times are milliseconds of the machine's clock. */
export class Attempts {
  readonly #options: BackoffOptions;
  #pause: Pause = NONE;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** When `over` should be called; null: no need to. */
  get dueAt(): number | null {
    return this.#pause.type === 'none' ? null : this.#pause.until;
  }

  /** An address was asked for. */
  asked(ticket: number, until: number): void {
    this.#pause = { type: 'address', ticket, until };
  }

  /** An answer came: whether it is still wanted. */
  answered(ticket: number): boolean {
    const isWanted = this.#pause.type === 'address' && this.#pause.ticket === ticket;
    if (isWanted) this.#pause = NONE;
    return isWanted;
  }

  /** An attempt failed: how many milliseconds until the next. */
  failed(now: number, chance: number, retryAfterMs: number): number {
    const retryInMs = this.#wait(now, this.#failures, chance, retryAfterMs);
    this.#failures += 1;
    return retryInMs;
  }

  /** A shard gave a place in its line: coming much later would lose it, and being told is no sign of trouble. */
  queued(now: number, chance: number, retryAfterMs: number): number {
    return this.#wait(now, 0, chance, retryAfterMs);
  }

  /** A connection has proved good: the next failure is the first again. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** Try as soon as the shard allows, not only when the jitter says so. */
  hurry(now: number): void {
    if (this.#pause.type === 'retry') this.#pause = { ...this.#pause, until: Math.max(now, this.#pause.notBefore) };
  }

  /** What is over by now, if anything: the wait between attempts, or the wait for an address. */
  over(now: number): { readonly type: 'retry' } | { readonly type: 'address'; readonly ticket: number } | null {
    const pause = this.#pause;
    if (pause.type === 'none' || pause.until > now) return null;
    this.#pause = NONE;
    return pause;
  }

  /** Nothing is waited for any more. The ticket whose answer is not wanted, if there is one. */
  cancel(): number | null {
    const ticket = this.#pause.type === 'address' ? this.#pause.ticket : null;
    this.#pause = NONE;
    return ticket;
  }

  #wait(now: number, failures: number, chance: number, retryAfterMs: number): number {
    const retryInMs = backoffMs(this.#options, failures, chance, retryAfterMs);
    this.#pause = { type: 'retry', until: now + retryInMs, notBefore: now + Math.min(retryAfterMs, retryInMs) };
    return retryInMs;
  }
}
