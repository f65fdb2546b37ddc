/**
 * Where a message stands in its log: the generation names one life of the log on one life of the Redis master that gave
 * out its offsets, the offset counts that log's messages from 1 and never falls within a generation.
 */
export interface Position {
  /**
   * 12 lower-case hexadecimal digits: six of the master's replication id and six of the log's birth or, at a log's start, the life of its
   * partition. `0` is the start of whatever log there is.
   */
  readonly generation: string;
  /** Integer ≥ 0; 0 means "before the first message". */
  readonly offset: number;
}

/** The position before the first message of any log, where nothing more is known. A shard's own starts name a life of Redis' data. */
export const LOG_START: Position = Object.freeze({ generation: '0', offset: 0 });

const PATTERN = /^([0-9a-f]{12}|0)\.(0|[1-9][0-9]{0,15})$/;

/** The wire form, `generation.offset`, for example `9f2c41d07a3e.57`. */
export function formatPosition(position: Position): string {
  return `${position.generation}.${position.offset}`;
}

/** Reads the wire form; `null` when it is anything else (the caller answers `bad_position`). */
export function parsePosition(text: unknown): Position | null {
  const match = typeof text === 'string' ? PATTERN.exec(text) : null;
  if (!match?.[1] || !match[2]) return null;
  const offset = Number(match[2]);
  return Number.isSafeInteger(offset) ? { generation: match[1], offset } : null;
}

/** Whether two positions are the same place. */
export function samePosition(a: Position, b: Position): boolean {
  return a.offset === b.offset && a.generation === b.generation;
}
