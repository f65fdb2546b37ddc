import { FlotillaError } from '@flotilla-im/protocol';
import { CALL_BACKOFF, isPassing, pauseMs } from './backoff.ts';
import type { CallOptions } from './call-options.ts';
import { abortedError, type Deadline, DeadlineWatch, timeoutError } from './deadline-watch.ts';
import { knownError } from './known-error.ts';
import type { Timing } from './timing.ts';

/** Every call of one instance: its deadline, its retries, its end. */
export class Calls {
  readonly timing: Timing;
  readonly watch: DeadlineWatch;
  readonly #deadlineMs: number;
  readonly #closing = new AbortController();

  constructor(timing: Timing, deadlineMs: number) {
    this.timing = timing;
    this.#deadlineMs = deadlineMs;
    this.watch = new DeadlineWatch(timing);
  }

  /** Aborts when the instance closes: ends iterations and handlers. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /**
   * Begins a call.
   *
   * @throws {FlotillaError} closed, aborted, bad_options (deadline or signal that are none)
   */
  begin(options: CallOptions | undefined): Deadline {
    if (this.#closing.signal.aborted) throw closedError();
    const { deadlineMs = this.#deadlineMs, signal } = options ?? {};
    if (typeof deadlineMs !== 'number' || !(deadlineMs > 0)) throw badOption('deadlineMs must be a number above 0');
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw badOption('signal must be an AbortSignal');
    if (signal?.aborted) throw abortedError(signal);
    return { untilMs: this.timing.nowMs() + deadlineMs, signal };
  }

  /** One call that can be repeated without harm, repeated while failures pass and the deadline allows. */
  async run<T>(options: CallOptions | undefined, attempt: (isRetry: boolean) => Promise<T>): Promise<T> {
    return this.retry(this.begin(options), attempt, 0);
  }

  /** One call that must not be repeated. */
  async once<T>(options: CallOptions | undefined, attempt: () => Promise<T>): Promise<T> {
    const deadline = this.begin(options);
    try {
      return await this.watch.settle(attempt(), deadline);
    } catch (error) {
      throw knownError(error);
    }
  }

  /**
   * Attempts until one succeeds or no more makes sense; the last failure is thrown.
   *
   * @param failures - how many attempts have failed before; above 0 the first one here is a retry
   */
  async retry<T>(deadline: Deadline, attempt: (isRetry: boolean) => Promise<T>, failures: number): Promise<T> {
    for (let failed = failures; ; failed += 1) {
      try {
        return await this.watch.settle(attempt(failed > 0), deadline);
      } catch (thrown) {
        await this.pause(deadline, knownError(thrown), failed);
      }
    }
  }

  /** Waits before the next attempt. @throws `failure` when it does not pass, or when the deadline leaves no time */
  async pause(deadline: Deadline, failure: FlotillaError, failed: number): Promise<void> {
    const ms = pauseMs(failed, CALL_BACKOFF, this.timing.random(), failure.retryAfterMs);
    if (!isPassing(failure) || this.timing.nowMs() + ms >= deadline.untilMs) throw failure;
    const { signal } = deadline;
    await this.timing.wait(ms, signal ? AbortSignal.any([signal, this.closing]) : this.closing);
    this.checkOpen(deadline.signal);
    // The pause may have lasted longer than it should; nothing is under way, so the failure met is the whole truth.
    if (this.timing.nowMs() >= deadline.untilMs) throw failure;
  }

  /** @throws {FlotillaError} aborted, timeout, closed when the call is over */
  check(deadline: Deadline): void {
    this.checkOpen(deadline.signal);
    if (this.timing.nowMs() >= deadline.untilMs) throw timeoutError();
  }

  /** @throws {FlotillaError} aborted, closed */
  checkOpen(signal: AbortSignal | undefined): void {
    if (signal?.aborted) throw abortedError(signal);
    if (this.#closing.signal.aborted) throw closedError();
  }

  /** Refuses new calls, ends iterations, gives those under way `graceMs` to finish. Safe to repeat. */
  async close(graceMs: number): Promise<void> {
    this.#closing.abort(closedError());
    const untilMs = this.timing.nowMs() + graceMs;
    while (this.watch.size > 0 && this.timing.nowMs() < untilMs) await this.timing.wait(10);
    this.watch.rejectAll(closedError());
  }
}

/** The instance was closed. */
export function closedError(): FlotillaError {
  return new FlotillaError('closed', 'this Flotilla instance has been closed');
}

function badOption(message: string): FlotillaError {
  return new FlotillaError('bad_options', message);
}
