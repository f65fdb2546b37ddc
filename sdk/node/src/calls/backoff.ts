import type { FlotillaError } from '@flotilla-im/protocol';

/** First and longest pause between attempts, in milliseconds. */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** Pauses between the attempts of a call. */
export const CALL_BACKOFF: Backoff = Object.freeze({ baseMs: 25, maxMs: 1_000 });

/**
 * Full jitter: a pause between 0 and the exponentially growing bound, so that callers that failed together do not come
 * back together (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015). Never shorter than `retryAfterMs`.
 *
 * @param attempt - 0 after the first failure
 */
export function pauseMs(attempt: number, backoff: Backoff, random: number, retryAfterMs = 0): number {
  const bound = Math.min(backoff.maxMs, backoff.baseMs * 2 ** Math.min(attempt, 30));
  return Math.max(retryAfterMs, random * bound);
}

/** Failures that pass by themselves; other retryable ones are the caller's to repeat. */
const PASSING: ReadonlySet<string> = new Set(['store_unavailable', 'busy', 'overloaded', 'timeout']);

/** Whether the SDK itself tries again. */
export function isPassing(error: FlotillaError): boolean {
  return PASSING.has(error.code);
}
