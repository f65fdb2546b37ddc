import { FlotillaError } from '@flotilla-im/protocol';
import { knownError } from './known-error.ts';
import type { Timing } from './timing.ts';

/** One waiting call: until when, and what else ends it. */
export interface Deadline {
  /** By the monotonic clock. */
  readonly untilMs: number;
  readonly signal: AbortSignal | undefined;
}

interface Pending {
  readonly untilMs: number;
  readonly reject: (error: FlotillaError) => void;
}

const TICK_MS = 20;

/**
 * Deadlines of all calls under way, watched by one timer instead of one a call. A deadline fires up to 20 ms late.
 * The timer runs only while calls are under way, and for one tick more.
 */
export class DeadlineWatch {
  readonly #timing: Pick<Timing, 'nowMs'>;
  readonly #pending = new Set<Pending>();
  #timer: NodeJS.Timeout | null = null;

  constructor(timing: Pick<Timing, 'nowMs'>) {
    this.#timing = timing;
  }

  /** Calls under way. */
  get size(): number {
    return this.#pending.size;
  }

  /**
   * Settles as `promise` does (failures as `FlotillaError`), unless the deadline or the signal comes first.
   *
   * @throws {FlotillaError} timeout, aborted; what `promise` stands for may still take place
   */
  settle<T>(promise: Promise<T>, deadline: Deadline): Promise<T> {
    const { signal } = deadline;
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => end(() => reject(abortedError(signal)));
      const pending: Pending = { untilMs: deadline.untilMs, reject: (error) => end(() => reject(error)) };
      const end = (settle: () => void): void => {
        this.#pending.delete(pending);
        signal?.removeEventListener('abort', onAbort);
        settle();
      };
      this.#pending.add(pending);
      this.#arm();
      if (signal) {
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort);
      }
      promise.then(
        (value) => end(() => resolve(value)),
        (error: unknown) => end(() => reject(knownError(error))),
      );
    });
  }

  /** Rejects everything under way. */
  rejectAll(error: FlotillaError): void {
    for (const pending of [...this.#pending]) pending.reject(error);
    this.#stop();
  }

  #arm(): void {
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
  }

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #tick(): void {
    const nowMs = this.#timing.nowMs();
    for (const pending of this.#pending) {
      if (pending.untilMs <= nowMs) pending.reject(timeoutError());
    }
    if (this.#pending.size === 0) this.#stop();
  }
}

/** The deadline passed. */
export function timeoutError(cause?: unknown): FlotillaError {
  return new FlotillaError('timeout', 'no answer came before the deadline; whether the call took effect is unknown', {
    cause,
  });
}

/** The caller's signal aborted. */
export function abortedError(signal: AbortSignal | undefined): FlotillaError {
  return new FlotillaError('aborted', 'the caller aborted the call', { cause: signal?.reason });
}
