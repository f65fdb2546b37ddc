import type { LogEntry, LogKey } from '@flotilla-im/store';

/** One message on its way to connections; its frames are built at most once per protocol. */
export interface Frame {
  readonly log: LogKey;
  readonly entry: LogEntry;
  /** Has no position: at most once, never kept. */
  readonly isLive: boolean;
  /** `generation.offset`; empty when live. */
  readonly position: string;
  /** What the Socket.IO adapter encoded for this message, kept for the next connection. Its own business. */
  encoded: unknown;
}

/** Messages of one log, in order, that many connections get alike. */
export interface FrameRun {
  readonly frames: readonly Frame[];
  /** WebSocket text frames of `flotilla.v1`, all in one buffer. Built at the first call. */
  v1(): Buffer;
  /** WebSocket text frames that hold exactly the data, all in one buffer. Built at the first call. */
  plain(): Buffer;
}
