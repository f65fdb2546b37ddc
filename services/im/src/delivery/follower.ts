import type { Position, SlowReaderPolicy } from '@flotilla-im/protocol';
import type { LogKey } from '@flotilla-im/store';
import type { LogView } from './log-view.ts';
import type { MessageRun } from './message-run.ts';

/** A connection as the delivery sees it. */
export interface Receiver {
  readonly clientId: string;
  /** Whether it takes messages at all (any more). */
  readonly isServed: boolean;
  /** Queues a run for the next flush. False: too much waits already, nothing was queued. */
  take(run: MessageRun): boolean;
  /** The log jumped: what was between is lost for it; it goes on after `position`. */
  jumped(follower: Follower, position: Position): void;
  /** What becomes of what it did not keep up with. */
  policyOf(log: LogKey): SlowReaderPolicy;
  /** By that policy `count` messages are passed over for it, up to and with `position`; the log still has them. */
  passedOver(follower: Follower, position: Position, count: number): void;
  /** A follower that was live is behind now, since `take` said no: it is to be caught up once there is room. */
  fellBehind(): void;
  /** A follower that is behind stays so for now, since `take` said no. */
  catchUpLater(): void;
}

/**
 * Where one connection stands in one log. While it is live its place is the log's own flushed line, so a message to a
 * thousand followers moves no cursor but that one.
 */
export class Follower {
  readonly view: LogView;
  readonly receiver: Receiver;
  /** Place among the view's live followers; -1 while it is behind. */
  liveIndex = -1;
  /** Where it stands while it is behind. */
  place: Position;
  /** It was live and is behind since its connection did not keep up; not so while it catches up with what came before it. */
  isLate = false;
  /** Its log jumped since it is here: its client may still acknowledge places of what was lost. */
  hasJumped = false;
  /** A read of the log for it is under way. */
  isReading = false;
  /** Taken away: its connection is gone or no member any more. */
  isGone = false;
  /** What its client acknowledged; null before the first time. */
  acknowledged: Position | null = null;
  /** What the last mark stands for; null before the first, and after its log jumped. */
  marked: Position | null = null;

  /** Where its client's join stands, for a channel: what was said before is not its to read, whatever becomes of the log. */
  joinedAt: Position | null;

  constructor(view: LogView, receiver: Receiver, place: Position, joinedAt: Position | null = null) {
    this.view = view;
    this.receiver = receiver;
    this.place = place;
    this.joinedAt = joinedAt;
  }

  get isLive(): boolean {
    return this.liveIndex >= 0;
  }

  /** The last position queued for it. */
  get position(): Position {
    return this.isLive ? this.view.flushed : this.place;
  }
}
