/** A rate with a burst: `burst` at once, `perSecond` in the long run. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * Where one token bucket stands. Two numbers, so that a connection can have one.
 *
 * The bucket is kept as the time at which it will be full again (generic cell rate algorithm): it needs no refilling.
 */
export interface Bucket {
  /** Monotonic milliseconds at which the bucket is full (again). */
  fullAtMs: number;
}

/** A full bucket. */
export function fullBucket(): Bucket {
  return { fullAtMs: 0 };
}

/**
 * Takes one token.
 *
 * @param nowMs - monotonic
 * @returns 0 when it was there, else the milliseconds until it is; nothing is taken then
 */
export function takeToken(bucket: Bucket, rate: Rate, nowMs: number): number {
  const costMs = 1_000 / rate.perSecond;
  const fullAtMs = Math.max(bucket.fullAtMs, nowMs) + costMs;
  const emptyForMs = fullAtMs - nowMs - rate.burst * costMs;
  // A millionth of a millisecond forgives what the division lost.
  if (emptyForMs > 1e-6) return emptyForMs;
  bucket.fullAtMs = fullAtMs;
  return 0;
}
