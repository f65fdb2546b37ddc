import { type Rate, fullBucket, takeToken } from './token-bucket.ts';

/** What becomes of an arrival: it is served, told when to come again, or dropped without a word. */
export type Arrival =
  | { readonly type: 'serve' }
  | { readonly type: 'tell'; readonly retryAfterMs: number }
  | { readonly type: 'drop' };

/** The pace of a pod's arrivals. */
export interface Pace {
  /**
   * Judges one arrival.
   *
   * @param nowMs - monotonic milliseconds
   * @param chance - uniform in [0, 1): spreads those who come again
   * @param fullForMs - the pod has its hands full, and gets through one in so many milliseconds; 0: it takes one more
   */
  arrive(nowMs: number, chance: number, fullForMs?: number): Arrival;
}

/** Longest wait that is told: whoever waits longer might as well find another shard. */
const MAX_WAIT_MS = 30_000;

/** Telling costs a handshake and a close but no store; this many times the pace is told, the rest is dropped. */
const TOLD_PER_SERVED = 4;

const SERVE: Arrival = Object.freeze({ type: 'serve' });
const DROP: Arrival = Object.freeze({ type: 'drop' });

/**
 * Serves `perSecond` arrivals a second, a tenth of it at once.
 *
 * Those told to come again are sent one behind the other: each is given the time at which the pace will have got through
 * those before it. So a storm of 50,000 at 2,000 a second comes back over 25 s and not all at once; where the pod is slower
 * than its pace, over as long as it needs.
 */
export function createPace(perSecond: number): Pace {
  const served: Rate = { perSecond, burst: Math.max(1, perSecond / 10) };
  const told: Rate = { perSecond: perSecond * TOLD_PER_SERVED, burst: Math.max(10, perSecond) };
  const servedBucket = fullBucket();
  const toldBucket = fullBucket();
  let lineEndsAtMs = 0;
  return {
    arrive(nowMs, chance, fullForMs = 0) {
      const waitMs = fullForMs > 0 ? fullForMs : takeToken(servedBucket, served, nowMs);
      if (waitMs === 0) return SERVE;
      if (takeToken(toldBucket, told, nowMs) > 0) return DROP;
      lineEndsAtMs = Math.min(
        Math.max(lineEndsAtMs, nowMs + waitMs) + Math.max(1_000 / perSecond, fullForMs),
        nowMs + MAX_WAIT_MS,
      );
      // At the end of a full line nobody has a place of their own: chance spreads them over its second half.
      const isFull = lineEndsAtMs >= nowMs + MAX_WAIT_MS;
      const inLineMs = isFull ? MAX_WAIT_MS * (0.5 + chance / 2) : lineEndsAtMs - nowMs;
      return { type: 'tell', retryAfterMs: Math.ceil(inLineMs + chance * 50) };
    },
  };
}
