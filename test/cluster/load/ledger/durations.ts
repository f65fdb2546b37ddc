const LONGEST_MS = 60_000;

/** Many durations in little memory: counted by whole milliseconds, up to a minute. */
export class Durations {
  readonly #counts = new Uint32Array(LONGEST_MS + 1);
  #count = 0;
  #longest = 0;

  add(ms: number): void {
    const whole = Math.min(LONGEST_MS, Math.max(0, Math.ceil(ms)));
    this.#counts[whole] = (this.#counts[whole] ?? 0) + 1;
    this.#count += 1;
    this.#longest = Math.max(this.#longest, ms);
  }

  clear(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#longest = 0;
  }

  /** Percentiles in milliseconds, each rounded up; all 0 without any duration. */
  summary(): Percentiles {
    return {
      count: this.#count,
      p50: this.#quantile(0.5),
      p99: this.#quantile(0.99),
      max: Math.ceil(this.#longest),
    };
  }

  #quantile(share: number): number {
    const rank = Math.ceil(share * this.#count);
    let seen = 0;
    for (let ms = 0; ms <= LONGEST_MS; ms += 1) {
      seen += this.#counts[ms] ?? 0;
      if (seen >= rank) return ms;
    }
    return LONGEST_MS;
  }
}

/** Durations in milliseconds. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The same of a few durations. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const durations = new Durations();
  for (const value of values) durations.add(value);
  return durations.summary();
}
