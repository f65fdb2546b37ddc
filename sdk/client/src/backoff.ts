/** How long to wait between attempts, in milliseconds. */
export interface BackoffOptions {
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
}

/** Longest time a platform's timer can wait. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Milliseconds to wait before attempt `failures + 1`: full jitter, `chance · min(cap, base · 2^failures)`
 * (M. Brooker, "Exponential Backoff And Jitter", 2015), after whatever time was asked for: who all get the same
 * `retryAfterMs` must not all come at its end.
 */
export function backoffMs(options: BackoffOptions, failures: number, chance: number, retryAfterMs = 0): number {
  const ceiling = Math.min(options.backoffCapMs, options.backoffBaseMs * 2 ** Math.min(failures, 30));
  return Math.min(LONGEST_MS, Math.round(retryAfterMs + chance * ceiling));
}
