import { LOG_START, type Position } from '@flotilla-im/protocol';
import { type Generation, type LogMeta, positionAt } from '@flotilla-im/store';

/** What of a log's metadata places are compared by. */
export interface LogExtent {
  /** Oldest first. */
  readonly generations: readonly Generation[];
  readonly last: number;
  /** Of the log's partition: the generation of its start. */
  readonly life: string;
}

/** The last offset of a generation that the log still knows; null for a generation it does not know. */
function endOf({ generations, last }: LogExtent, generation: string): number | null {
  const index = generations.findLastIndex((known) => known.generation === generation);
  if (index < 0) return null;
  const next = generations[index + 1];
  return next === undefined ? last : next.first - 1;
}

/** Whether a position is one the log gave out and did not lose, or its start. */
export function isPlace(log: LogExtent, { generation, offset }: Position): boolean {
  if (generation === LOG_START.generation || generation === log.life) return offset === 0;
  const end = endOf(log, generation);
  return end !== null && offset <= end;
}

/** The offset up to which somebody at the position has what the log holds; 0 where that is nothing. */
function reachOf(log: LogExtent, { generation, offset }: Position): number {
  const end = endOf(log, generation);
  return end === null ? 0 : Math.min(offset, end);
}

/** Whether `a` is further in the log than `b`. */
export function isFurther(log: LogExtent, a: Position, b: Position): boolean {
  if (a.generation === b.generation) return a.offset > b.offset;
  return reachOf(log, a) > reachOf(log, b);
}

/**
 * Where somebody who stood at `line` goes on in a log that has lost that place: after all that the log has kept of the way there,
 * as far as that is known, and never before `start`.
 *
 * @param generations - of the log, as they were at `line`
 * @param start - where a read from `line` begins that knows nothing of that way
 */
export function lastCommon(
  meta: LogMeta,
  generations: readonly Generation[],
  line: Position,
  start: Position,
): Position {
  const kept = generations.findLast(({ generation }) => endOf(meta, generation) !== null);
  if (kept === undefined) return start;
  const { generation } = kept;
  const reached = endOf({ generations, last: line.offset, life: meta.life }, generation) ?? 0;
  const offset = Math.min(reached, endOf(meta, generation) ?? 0);
  return offset > start.offset ? { generation, offset } : start;
}

/**
 * Where a member goes on in a log that has jumped to `start`: there, or at its join, if that is further.
 *
 * @param joinedAt - null: it has been there from the log's beginning
 */
export function startOfMember(meta: LogMeta, start: Position, joinedAt: Position | null): Position {
  if (joinedAt === null || !isFurther(meta, joinedAt, start)) return start;
  return isPlace(meta, joinedAt) ? joinedAt : positionAt(meta, reachOf(meta, joinedAt));
}
