import type { Lease } from '@flotilla-im/store';

interface Sample {
  readonly delivered: number;
  readonly atMs: number;
}

/** Messages a second, from the counters that shards report. A counter belongs to an incarnation and only grows. */
export class DeliveryRates {
  #samples = new Map<string, Sample>();

  /**
   * Rates by incarnation since the last call; none for an incarnation seen for the first time.
   *
   * @param nowMs - monotonic
   */
  observe(leases: readonly Lease[], nowMs: number): ReadonlyMap<string, number> {
    const rates = new Map<string, number>();
    const samples = new Map<string, Sample>();
    for (const { incarnation, delivered } of leases) {
      const before = this.#samples.get(incarnation);
      if (before && nowMs > before.atMs) {
        rates.set(incarnation, Math.max(0, ((delivered - before.delivered) * 1_000) / (nowMs - before.atMs)));
      }
      samples.set(incarnation, { delivered, atMs: nowMs });
    }
    this.#samples = samples;
    return rates;
  }
}
