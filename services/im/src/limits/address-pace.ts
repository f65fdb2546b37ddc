import type { Arrival } from './pace.ts';
import { type Bucket, fullBucket, type Rate, takeToken } from './token-bucket.ts';

/** The pace of arrivals from each network address, so that one of them cannot use up the pace of all. */
export interface AddressPace {
  /**
   * Judges one arrival.
   *
   * @param key - of its address
   * @param nowMs - monotonic milliseconds
   * @param chance - uniform in [0, 1): spreads those who come again
   */
  arrive(key: string, nowMs: number, chance: () => number): Arrival;
  /** Addresses that are remembered. */
  readonly size: number;
}

/** How often addresses that have kept below their pace are forgotten: an attacker has as many as there are. */
const FORGET_MS = 1_000;
/** How soon one that was above it is worth another attempt, at least; as much again by chance. */
const AGAIN_MS = 1_000;
const SERVE: Arrival = Object.freeze({ type: 'serve' });
const DROP: Arrival = Object.freeze({ type: 'drop' });

/** Serves `perSecond` arrivals a second of each address, a tenth of it at once, and tells as many again, all addresses together. */
export function createAddressPace(perSecond: number): AddressPace {
  const served: Rate = { perSecond, burst: Math.max(1, perSecond / 10) };
  const told: Rate = { perSecond, burst: Math.max(10, perSecond) };
  const buckets = new Map<string, Bucket>();
  const toldBucket = fullBucket();
  let forgotAtMs = 0;
  return {
    arrive(key, nowMs, chance) {
      if (nowMs - forgotAtMs >= FORGET_MS) {
        forgotAtMs = nowMs;
        for (const [known, { fullAtMs }] of buckets) if (fullAtMs <= nowMs) buckets.delete(known);
      }
      let bucket = buckets.get(key);
      if (bucket === undefined) buckets.set(key, (bucket = fullBucket()));
      const waitMs = takeToken(bucket, served, nowMs);
      if (waitMs === 0) return SERVE;
      if (takeToken(toldBucket, told, nowMs) > 0) return DROP;
      return { type: 'tell', retryAfterMs: Math.ceil(Math.max(waitMs, AGAIN_MS) * (1 + chance())) };
    },
    get size() {
      return buckets.size;
    },
  };
}
