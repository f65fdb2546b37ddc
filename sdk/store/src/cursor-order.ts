import { LOG_START, type Position } from '@flotilla-im/protocol';
import type { LogMeta } from './log.ts';
import { startOffset } from './recovery.ts';

/*
 * How cursors of one log compare. `lua/include-generations.lua` and `lua/include-cursors.lua` do the same inside Redis.
 */

/** 1 for a log's oldest generation; 0 for one that it does not know, which includes the start of every log. */
function placeOf(meta: LogMeta, generation: string): number {
  return meta.generations.findLastIndex((known) => known.generation === generation) + 1;
}

/**
 * Whether a cursor at `from` (null: none yet) moves when a client confirms `to`. A later generation wins over an earlier one;
 * an unknown one, or an offset that was not given out yet, moves nothing.
 */
export function isFurther(meta: LogMeta, from: Position | null, to: Position): boolean {
  const place = placeOf(meta, to.generation);
  if (place === 0) return false;
  if (place === meta.generations.length && to.offset > meta.last) return false;
  if (from === null) return true;
  return from.generation === to.generation ? to.offset > from.offset : place > placeOf(meta, from.generation);
}

/** Whether a position that was given out once is of a log that was lost (FLUSHALL): what is there now knows nothing of it. */
export function isOfLostLog(meta: LogMeta, { generation }: Position): boolean {
  return generation !== LOG_START.generation && placeOf(meta, generation) === 0;
}

/** The offset up to which somebody who stands at a position has what the log holds now. */
export function effectiveOffset(meta: LogMeta, position: Position): number {
  return startOffset({ ...meta, head: 1 }, position);
}

/** What became of an entry at a position, as far as the log and the client's cursor tell. */
export function receiptOf(
  meta: LogMeta,
  cursor: Position | null,
  position: Position,
): 'delivered' | 'unread' | 'expired' {
  const place = placeOf(meta, position.generation);
  const isKnown = place > 0 && effectiveOffset(meta, position) === position.offset;
  // Generations that ended before the retained head are forgotten, but not what their offsets stood for.
  const isOld = place === 0 && position.offset < (meta.generations[0]?.first ?? 0);
  if (!isKnown && !isOld) return 'expired';
  if (cursor !== null && effectiveOffset(meta, cursor) >= position.offset) return 'delivered';
  return position.offset < meta.head ? 'expired' : 'unread';
}
