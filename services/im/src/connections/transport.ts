import type {
  CloseCode,
  CloseReason,
  ErrorFrame,
  GapFrame,
  JoinedFrame,
  LeftFrame,
  MovedFrame,
  ReplyFrame,
  WelcomeFrame,
} from '@flotilla-im/protocol';
import type { FrameRun } from '../delivery/frame-run.ts';

/** What a connection speaks. */
export type TransportKind = 'v1' | 'plain' | 'socketio';

/** What is said to one connection besides messages. `flotilla.v1` sends it as it is; a plain WebSocket has no words for it. */
export type Notice = WelcomeFrame | GapFrame | JoinedFrame | LeftFrame | MovedFrame | ReplyFrame | ErrorFrame;

/**
 * The way out to one connection: what a protocol adapter gives the core. Every call is synchronous, throws nothing, and
 * does nothing once the connection is gone.
 */
export interface Transport {
  readonly kind: TransportKind;
  /** Queues messages. They and notices leave in the order of the calls, at `flush` at the latest. */
  deliver(run: FrameRun): void;
  /** Queues a notice. */
  tell(notice: Notice): void;
  /**
   * Flushes, with a question to the peer's stack that it answers when it has read all before it: `session.answered()` follows.
   * Only where peers repeat on their next connection what they got no answer to.
   */
  ask?(): void;
  /** Writes what is queued, in one write. The core calls it once a tick for each connection it queued something on. */
  flush(): void;
  /** Bytes flushed that the network has not taken yet. Above `limits.queueBytes` the core stops delivering and waits for `session.drained()`. */
  backlogBytes(): number;
  /** A number that changes whenever the network takes something; without it `backlogBytes` serves. */
  pulse?(): number;
  /** Stops or goes on reading from the peer, where the transport can; else it may ignore it. */
  hold(isHeld: boolean): void;
  /**
   * Called about twice a second: time to send a heartbeat or a mark that is due.
   *
   * @param nowMs - monotonic milliseconds
   * @param heardAtMs - when the peer was last heard, by the same clock
   */
  beat(nowMs: number, heardAtMs: number): void;
  /**
   * Says goodbye and closes, after what is queued. `session.closed` follows when the peer has answered or a few seconds
   * have passed.
   */
  close(code: CloseCode, reason: CloseReason): void;
  /** Drops the connection without a word. `session.closed(1006)` follows. */
  terminate(): void;
}
