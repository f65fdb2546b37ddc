import { HttpProblem } from './problem.ts';

/** How often somebody may do something. */
export interface PaceOptions {
  /** In the long run. */
  readonly perSecond: number;
  /** At once, after a pause. */
  readonly burst: number;
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Buckets looked through for full ones before another one is made. */
const SWEPT_ABOVE = 10_000;

/** A token bucket for each name. */
export class Pace {
  readonly #options: PaceOptions;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Takes a token of this name. @throws {HttpProblem} 429 rate_limited when there is none */
  take(name: string): void {
    const bucket = this.#fill(name);
    if (bucket.tokens < 1) {
      const retryAfterMs = Math.ceil(((1 - bucket.tokens) / this.#options.perSecond) * 1_000);
      throw new HttpProblem(429, 'rate_limited', 'That was a little fast.', retryAfterMs);
    }
    bucket.tokens -= 1;
  }

  #fill(name: string): Bucket {
    const { burst, nowMs } = this.#options;
    const now = nowMs();
    const bucket = this.#buckets.get(name) ?? { tokens: burst, atMs: now };
    bucket.tokens = this.#tokensAt(bucket, now);
    bucket.atMs = now;
    if (this.#buckets.size > SWEPT_ABOVE) this.#sweep(now);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** A full bucket is as good as none. */
  #sweep(now: number): void {
    for (const [name, bucket] of this.#buckets) {
      if (this.#tokensAt(bucket, now) >= this.#options.burst) this.#buckets.delete(name);
    }
  }

  #tokensAt({ tokens, atMs }: Bucket, now: number): number {
    return Math.min(this.#options.burst, tokens + ((now - atMs) / 1_000) * this.#options.perSecond);
  }
}
