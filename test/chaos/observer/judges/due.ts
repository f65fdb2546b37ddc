import { type Client, leftForGoodMs } from '../history/client.ts';
import type { Messages } from '../history/sends.ts';
import type { LostWrites } from './lost-writes.ts';

/** Nobody is blamed for what was accepted so shortly before its receiver left for good. */
const LEAVING_MS = 500;

/**
 * Which messages of a log must reach a client.
 *
 * Of its inbox: all that were accepted before it left for good. Of a channel: all that were sent once it was a member; what
 * was on its way when it became one may come or not. Where Redis lost its writes, memberships are lost with them, until the
 * business makes everybody a member again.
 */
export function isDue(
  client: Client,
  messages: Messages,
  lostWrites: LostWrites,
  log: number,
): (place: number) => boolean {
  const leftMs = leftForGoodMs(client) - LEAVING_MS;
  const joins = client.joins.get(log);
  const joinedMs = joins?.[0] ?? -Infinity;
  const outside = lostWrites.spans.flatMap(({ fromMs, toMs }) => {
    const againMs = joins?.find((tMs) => tMs >= fromMs && tMs < toMs);
    return againMs === undefined ? [] : { fromMs, toMs: againMs };
  });
  return (place) => {
    const [intentMs, acceptedMs] = [messages.intentMs[place] ?? NaN, messages.acceptedMs[place] ?? NaN];
    if (!(acceptedMs <= leftMs) || intentMs < joinedMs) return false;
    return !outside.some(({ fromMs, toMs }) => acceptedMs >= fromMs && intentMs < toMs);
  };
}
