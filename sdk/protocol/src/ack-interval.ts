import { LIMITS } from './limits.ts';

/**
 * How long a client that has just acknowledged leaves it at that, in milliseconds: twice as long as the last time while
 * messages keep coming, from `ackIntervalMs` up to `ackMostIntervalMs`. So what comes now and then is acknowledged at once,
 * and a stream costs little. A quarter
 * more or less by chance: those who got the same message do not go on in step.
 *
 * @param lastMs - the interval after the acknowledgement before; 0 when there was none
 * @param sinceMs - how long ago that was
 * @param chance - at least 0, below 1
 */
export function ackInterval(lastMs: number, sinceMs: number, chance: number): number {
  const isStream = sinceMs < 2 * lastMs;
  const middle = isStream ? Math.min(2 * lastMs, LIMITS.ackMostIntervalMs) : LIMITS.ackIntervalMs;
  return middle * (0.75 + chance / 2);
}
