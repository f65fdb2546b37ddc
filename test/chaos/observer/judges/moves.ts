import type { Client } from '../history/client.ts';
import type { Span } from '../history/phases.ts';

/** A move has at least so long before its new connection is dialled, and so long after it is over. */
const AROUND_MS = 1_000;
/** An epoch that was published longer before has told nobody to move now. */
const LONGEST_MOVE_MS = 30_000;

/** A client's way to another connection: from when it may have been told to go until a second after its old connection has ended. */
export interface Move extends Span {
  /** When the new connection was served. */
  readonly servedMs: number;
}

/**
 * Each new connection that a client got while it wanted to be connected and could be, from the dial on: who reads nothing takes its
 * connection for lost, and dials anew without having been moved. The move begins with the epoch that was
 * published last before it was dialled, and at least a second before that; it ends a second after the old connection has
 * closed, or where nobody saw that, after the new one was served.
 *
 * @param isFree - whether the client could have got anything just before that time
 * @param epochsMs - when epochs were published, ascending
 */
export function movesOf({ servings }: Client, isFree: (tMs: number) => boolean, epochsMs: readonly number[]): Move[] {
  return servings.slice(1).flatMap(({ servedMs, dialledMs }, i) => {
    if (!isFree(dialledMs) || !isFree(servedMs)) return [];
    const closedMs = servings[i]?.closedMs ?? Infinity;
    const endedMs = closedMs === Infinity ? servedMs : Math.max(closedMs, servedMs);
    return [{ servedMs, fromMs: beginOf(dialledMs, epochsMs), toMs: endedMs + AROUND_MS }];
  });
}

function beginOf(dialledMs: number, epochsMs: readonly number[]): number {
  const epochMs = epochsMs.findLast((tMs) => tMs <= dialledMs && tMs >= dialledMs - LONGEST_MOVE_MS) ?? Infinity;
  return Math.min(epochMs, dialledMs - AROUND_MS);
}
