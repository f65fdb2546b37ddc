import { FlotillaError, isFlotillaError, type Position } from '@flotilla-im/protocol';
import type { Follower, Receiver } from '../delivery/follower.ts';
import type { Flushable } from '../delivery/flush-tick.ts';
import type { MessageRun } from '../delivery/message-run.ts';
import { type Bucket, takeToken } from '../limits/token-bucket.ts';
import type { ConnectionHost } from './connection-host.ts';
import { Early } from './early.ts';
import { type Ending, endingOf } from './ending.ts';
import { gapNotice } from './gap-notice.ts';
import { Identity } from './identity.ts';
import { type MarkedPlace, Marks } from './marks.ts';
import type { Arrival, ClientRequest, Positions, Session } from './session.ts';
import type { Notice, Transport } from './transport.ts';

/**
 * `waiting` for the first word, `resuming` while the store is asked, `open` once welcomed, `closing` after our goodbye,
 * `closed` when the socket is gone.
 */
export type ConnectionPhase = 'waiting' | 'resuming' | 'open' | 'closing' | 'closed';

/** Queues that wait before the peer is read no further. Messages alone stop at one, and may overshoot by another. */
const OVERFULL = 2;

/**
 * One connection: bookkeeping only. What takes time or the store is the host's, which is one for all connections, as are
 * timers: nothing here is a closure, a timer or a promise.
 */
export class Connection extends Identity implements Session, Receiver, Flushable, Bucket {
  readonly transport: Transport;
  phase: ConnectionPhase = 'waiting';
  /** The inbox first, then channels in no order. */
  followers: Follower[] = [];
  /** Positions that it brought of channels to which its client does not belong now: a log may be lost before it is joined again. */
  owed: Map<string, Position> | null = null;
  tableIndex = -1;
  /** Whether the store knows the connection: `perhaps` from the moment it is asked until it has answered. */
  registration: 'no' | 'perhaps' | 'yes' = 'no';
  /** A writing of it to the store may still be under way, in a socket that was given up. */
  mayComeLate = false;
  /** Milliseconds since 1970 by the store's clock, once it is registered. */
  since = 0;
  /** Monotonic milliseconds (whole): when it came, when it last gave a sign of life, when our goodbye was said. */
  readonly acceptedAtMs: number;
  heardAtMs: number;
  closingAtMs = 0;
  /** Of the rate of its frames. */
  fullAtMs = 0;
  /** `take` says no until the transport has drained. */
  isChoked = false;
  /** Nothing is read from the peer for now, so its silence says nothing. */
  isHeld = false;
  /** Since when the peer could have answered `transport.ask`, monotonic milliseconds; 0: it owes no answer. */
  askedAtMs = 0;
  /** Not read until its backlog is gone: what it asks for is answered, and it reads no answers. */
  #isOverfull = false;
  /** When the move notice was told last; 0 never. */
  movedAtMs = 0;
  /** The shard that it was told of then. */
  movedTo = -1;
  /** When its channel cursors were stored last; 0 never. */
  channelCursorsAtMs = 0;
  readonly #host: ConnectionHost;
  /** Weight queued since the last flush. */
  #unflushed = 0;
  #isQueued = false;
  #mustCatchUp = false;
  /** Durable messages queued so far. */
  #delivered = 0;
  /** From the first mark on: a connection that never got a message has none. */
  #marks: Marks | null = null;
  #ending: Ending | null = null;
  #early: Early<Connection> | null = null;

  constructor(host: ConnectionHost, transport: Transport, arrival: Arrival, connection: string, nowMs: number) {
    super(arrival, connection);
    this.#host = host;
    this.transport = transport;
    this.acceptedAtMs = Math.trunc(nowMs);
    this.heardAtMs = this.acceptedAtMs;
  }

  /** Whether messages may be queued. */
  get isServed(): boolean {
    return this.phase === 'open';
  }

  get ending(): Ending | null {
    return this.#ending;
  }

  resume(positions: Positions): void {
    if (this.phase === 'waiting') {
      this.phase = 'resuming';
      this.#host.resume(this, positions);
    } else if (this.phase === 'open' || this.phase === 'resuming') {
      this.fail(new FlotillaError('bad_frame', 'resume comes once'));
    }
  }

  heard(): void {
    this.heardAtMs = Math.trunc(this.#host.nowMs());
  }

  answered(): void {
    if (this.askedAtMs === 0) return;
    this.askedAtMs = 0;
    this.#host.answered(this);
  }

  frame(): boolean {
    const nowMs = this.#host.nowMs();
    this.heardAtMs = Math.trunc(nowMs);
    if (this.phase === 'closing' || this.phase === 'closed') return false;
    if (!this.#isOverfull && this.transport.backlogBytes() > OVERFULL * this.#host.queueBytes) this.#overfill();
    const waitMs = takeToken(this, this.#host.frameRate, nowMs);
    if (waitMs === 0) return true;
    this.fail(new FlotillaError('rate_limited', 'too many frames', { retryAfterMs: Math.max(waitMs, 1_000) }));
    return false;
  }

  acknowledge(positions: Positions): void {
    if (this.phase === 'open') this.#host.acknowledge(this, positions);
    else if (this.phase === 'resuming') this.#later((connection) => connection.acknowledge(positions));
  }

  mark(): number {
    if (this.phase !== 'open' || this.#delivered === 0) return 0;
    return (this.#marks ??= new Marks()).set(this.#delivered, this.followers);
  }

  confirm(mark: number): boolean {
    const places = this.#marks === null ? null : this.#marks.confirm(mark);
    if (places === null) return mark === 0;
    if (places.length > 0) this.#host.confirmed(this, places);
    return true;
  }

  request(frame: ClientRequest): void {
    if (this.phase === 'open') this.#host.request(this, frame);
    else if (this.phase === 'resuming') this.#later((connection) => connection.request(frame));
    else this.fail(new FlotillaError('bad_frame', 'resume comes first'));
  }

  upstreamText(text: string): void {
    if (!this.mayGoUpstream) return;
    if (this.phase === 'open') this.#host.upstreamText(this, text);
    else if (this.phase === 'resuming') this.#later((connection) => connection.upstreamText(text));
  }

  /** The connection is served from now on; what it asked for before that follows. */
  opened(): void {
    const early = this.#early;
    this.#early = null;
    for (const run of early?.live ?? []) if (!this.take(run)) this.#host.totals.droppedLive += 1;
    for (const action of early?.actions ?? []) action(this);
  }

  /** Until the store has accepted its token, nothing it says takes effect. */
  #later(action: (connection: Connection) => void): void {
    this.#early ??= new Early();
    if (!this.#early.addAction(action))
      this.fail(new FlotillaError('rate_limited', 'too many frames before the welcome'));
  }

  #overfill(): void {
    this.#isOverfull = true;
    this.isChoked = true;
    this.transport.hold(true);
  }

  drained(): void {
    if (this.#isOverfull) {
      this.#isOverfull = false;
      this.hold(this.isHeld);
    }
    if (!this.isChoked) return;
    this.isChoked = false;
    this.#host.unchoked(this);
  }

  fail(error: Error): void {
    if (!isFlotillaError(error)) this.#host.fault(error);
    this.end(endingOf(error));
  }

  /** Stops or goes on reading from the peer. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.heard();
    this.transport.hold(isHeld || this.#isOverfull);
  }

  /** Says goodbye and closes; only the first reason counts. */
  end(ending: Ending): void {
    if (this.phase === 'closing' || this.phase === 'closed') return;
    this.#ending = ending;
    this.phase = 'closing';
    this.closingAtMs = Math.trunc(this.#host.nowMs());
    this.transport.close(ending.code, ending.reason);
  }

  closed(code: number): void {
    if (this.phase === 'closed') return;
    this.phase = 'closed';
    this.arrival.release();
    this.#host.ended(this, this.#ending?.code ?? code);
  }

  /** Queues a notice, behind what is queued already. */
  tell(notice: Notice): void {
    if (this.phase !== 'open') return;
    this.transport.tell(notice);
    this.#queue();
  }

  take(run: MessageRun): boolean {
    if (this.phase !== 'open') return false;
    const { queueBytes, totals } = this.#host;
    if (this.isChoked || (this.#unflushed > 0 && this.#unflushed + run.weight > queueBytes)) return false;
    this.#unflushed += run.weight;
    this.transport.deliver(run);
    const { frames } = run;
    if (frames[0]?.isLive === true) {
      totals.deliveredLive += frames.length;
    } else {
      totals.delivered += frames.length;
      this.#delivered += frames.length;
    }
    this.#queue();
    return true;
  }

  /**
   * A live message of its inbox, which it may not follow yet: the store says `online` before the welcome, and who hears that
   * may speak to the client at once. It is kept until the welcome; while older messages are being read for the connection
   * it passes them. One that continues another connection has it from there.
   *
   * @returns false where too much waits
   */
  takeUnfollowed(run: MessageRun): boolean {
    if (this.phase === 'resuming') {
      return this.claims.continues !== undefined || (this.#early ??= new Early()).addLive(run, this.#host.queueBytes);
    }
    const isFollowed = this.followers.some(({ isLive, view }) => isLive && view.key.kind === 'inbox');
    return this.phase !== 'open' || isFollowed || this.take(run);
  }

  jumped(follower: Follower, position: Position): void {
    follower.hasJumped = true;
    follower.acknowledged = null;
    this.#marks?.forget(follower);
    this.#tellGap({ follower, position });
  }

  passedOver(follower: Follower, position: Position, count: number): void {
    const { totals } = this.#host;
    if (this.policyOf(follower.view.key) === 'latest') {
      totals.slowSuperseded += count;
      return;
    }
    totals.slowDropped += count;
    this.#tellGap({ follower, position }, 'slow');
  }

  #tellGap(place: MarkedPlace, reason?: 'slow'): void {
    if (this.transport.kind === 'plain') this.#host.lost(this, place, reason);
    else this.tell(gapNotice(place, reason));
  }

  fellBehind(): void {
    if (!this.#mustCatchUp) this.#host.totals.slowCatchUps += 1;
    this.#mustCatchUp = true;
    this.#queue();
  }

  /** Something of it could not be queued in this tick: it goes on after the flush, or when the transport has drained. */
  catchUpLater(): void {
    this.#mustCatchUp = true;
    this.#queue();
  }

  flush(): void {
    this.#isQueued = false;
    this.#unflushed = 0;
    if (this.phase !== 'open') return;
    this.transport.flush();
    if (this.transport.backlogBytes() > this.#host.queueBytes) this.isChoked = true;
    if (!this.#mustCatchUp || this.isChoked) return;
    this.#mustCatchUp = false;
    this.#host.catchUp(this);
  }

  #queue(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.#host.tick.addConnection(this);
  }
}
