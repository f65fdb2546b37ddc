import { LOG_START, type Position } from '@flotilla-im/protocol';
import type { Generation, LogMeta } from './log.ts';

/*
 * Whether somebody who stands at a position can be given exactly what came after it. `lua/include-log-slice.lua` finds the
 * same start offset inside the store; a conformance test holds the two together.
 */

/** The last offset that one of a log's generations gave out and that was not lost with it; null for an unknown one. */
function endOf(meta: LogMeta, generation: string): number | null {
  const index = meta.generations.findLastIndex((known) => known.generation === generation);
  if (index < 0) return null;
  const next = meta.generations[index + 1];
  return next === undefined ? meta.last : next.first - 1;
}

/**
 * Whether everything after `after` is retained and `after` itself is a place of this log: not above its generation's end
 * (Redis lost that end, or it was never given out), not of an unknown generation, not older than what is retained. The start
 * of a log is a place of every log of that life of its partition: in another life messages may have come and gone before.
 * `null`, the retained head, always is.
 */
export function isRecoverable(meta: LogMeta, after: Position | null): boolean {
  if (after === null) return true;
  if (after.generation === LOG_START.generation || after.generation === meta.life) {
    return after.offset === 0 && meta.head <= 1;
  }
  const end = endOf(meta, after.generation);
  return end !== null && after.offset <= end && after.offset >= meta.head - 1;
}

/**
 * The offset that a read from `after` starts at (exclusive): its own, or the nearest at which nothing retained is missed.
 * To a position of an unknown generation all is news, for example after the log was emptied and began anew; to one beyond
 * its generation's end only what that one's successors wrote.
 */
export function startOffset(meta: LogMeta, after: Position | null): number {
  const oldest = meta.head - 1;
  if (after === null) return oldest;
  const end = endOf(meta, after.generation);
  if (end === null) return Math.max(oldest, 0);
  return Math.max(oldest, Math.min(after.offset, end));
}

/** The generation that gave out an offset of a log. Offsets older than the list of generations count to its oldest. */
export function generationAt(generations: readonly Generation[], offset: number): string {
  const found = generations.findLast(({ first }) => first <= offset) ?? generations[0];
  return found?.generation ?? LOG_START.generation;
}

/** The position with that offset, where a read starts. */
export function positionAt(meta: LogMeta, offset: number): Position {
  if (offset <= 0) return { generation: meta.life, offset: 0 };
  return { generation: generationAt(meta.generations, offset), offset };
}

/** Where a reader stands that asked for `after` and got the log from `offset` on. */
export function startPosition(meta: LogMeta, after: Position | null, offset: number): Position {
  const isOwn = offset > 0 && after?.offset === offset && isRecoverable(meta, after);
  return isOwn ? after : positionAt(meta, offset);
}

/** Reads `generation:first,generation:first…`, oldest first. */
export function parseGenerations(text: string): Generation[] {
  if (text === '') return [];
  return text.split(',').map((item) => {
    const colon = item.indexOf(':');
    return { generation: item.slice(0, colon), first: Number(item.slice(colon + 1)) };
  });
}
