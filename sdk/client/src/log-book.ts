import type { AckFrame, ResumedLog, ResumeFrame, WelcomeFrame } from '@flotilla-im/protocol';
import type { Gap, SavedPositions } from './events.ts';
import { type Arrival, LogCursor } from './log-cursor.ts';

/** Cursors of channels left last that are kept: a join soon after may begin before what was delivered already. */
const LEFT_KEPT = 256;

/** What a welcome changed, as the application should hear it. */
export interface WelcomeOutcome {
  readonly recovered: boolean;
  readonly gaps: readonly Gap[];
  readonly joined: readonly string[];
  readonly left: readonly string[];
}

/** The positions of every log that this client reads, and which channels it is a member of. */
export class LogBook {
  #inbox: LogCursor | null;
  readonly #channels = new Map<string, LogCursor>();
  /** Channels joined or left since the last `resume` was sent: its welcome may be older than that. */
  readonly #changed = new Set<string>();
  /** Channels left of which there is a cursor still, oldest first. */
  readonly #left = new Set<string>();
  /**
   * What was got of channels that a welcome did not name any more, last missed last: where Redis has lost who belonged to them
   * along with their messages, only the client knows, and a pod that hears of it tells the loss when they are joined again.
   */
  readonly #missed = new Map<string, string>();
  #hasBeenWelcomed = false;
  #isDirty = false;

  constructor(saved: SavedPositions = {}) {
    this.#inbox = saved.inbox === undefined ? null : new LogCursor(saved.inbox);
    for (const [channel, position] of Object.entries(saved.channels ?? {})) {
      this.#channels.set(channel, new LogCursor(position));
    }
  }

  /** Channels of which the client is a member. */
  get channels(): readonly string[] {
    return this.#members().map(([channel]) => channel);
  }

  /** What the application has got so far. */
  get positions(): SavedPositions {
    return this.#write(() => true) ?? {};
  }

  /** The first frame of a connection; what happens from here on may not be known to its welcome. */
  resume(): ResumeFrame {
    this.#changed.clear();
    for (const cursor of this.#cursors()) cursor.wasReset = false;
    const { channels, ...inbox } = this.positions;
    const brought = Object.fromEntries([...this.#missed, ...Object.entries(channels ?? {})]);
    return { type: 'resume', ...inbox, ...(Object.keys(brought).length === 0 ? {} : { channels: brought }) };
  }

  /**
   * A connection is served. `isMove`: while another one still delivers, so that some of what the welcome says has been told
   * already, or is older than what is known.
   */
  welcome(frame: WelcomeFrame, isMove: boolean): WelcomeOutcome {
    const gaps: Gap[] = [];
    const first = !this.#hasBeenWelcomed;
    this.#hasBeenWelcomed = true;
    this.#inbox = this.#settle(this.#inbox, null, frame.inbox, gaps);
    const joined: string[] = [];
    for (const [channel, log] of Object.entries(frame.channels)) {
      const known = this.#channels.get(channel) ?? null;
      const cursor = this.#settle(known, channel, log, gaps);
      this.#channels.set(channel, cursor);
      if (isMove && this.#changed.has(channel)) continue;
      if (known?.isMember !== true) joined.push(channel);
      this.#mark(channel, cursor, true);
    }
    const left = this.#leaveOthers(frame, isMove);
    const recovered = gaps.length === 0;
    return first ? { recovered, gaps, joined: [], left: [] } : { recovered, gaps, joined, left };
  }

  /** A durable message came. */
  arrive(channel: string | undefined, position: string): Arrival {
    const cursor = this.#cursorOf(channel);
    const arrival = cursor ? cursor.arrive(position) : 'new';
    if (!cursor) this.#open(channel, position).isDirty = true;
    if (arrival !== 'known') this.#isDirty = true;
    return arrival;
  }

  /** A served log jumped. */
  gap(channel: string | undefined, position: string): void {
    (this.#cursorOf(channel) ?? this.#open(channel, position)).reset(position);
  }

  /** The client became a member. False when it was one. */
  join(channel: string, position: string): boolean {
    const cursor = this.#channels.get(channel);
    if (cursor?.isMember === true) return false;
    // A cursor of an earlier membership stays: what was delivered once must not come again with the new one.
    if (cursor) cursor.advance(position);
    else this.#open(channel, position);
    this.#setMember(channel, true);
    return true;
  }

  /** The client is no member any more. False when it was none. */
  leave(channel: string): boolean {
    if (this.#channels.get(channel)?.isMember !== true) return false;
    this.#setMember(channel, false);
    return true;
  }

  /** Forgets channels left long ago; call it while only one connection delivers. */
  forgetLeft(): void {
    let excess = this.#left.size - LEFT_KEPT;
    for (const channel of this.#left) {
      if (excess-- <= 0) return;
      this.#left.delete(channel);
      this.#channels.delete(channel);
    }
  }

  /** Whether there is anything to acknowledge. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** The positions that the pod has not heard of; null when there are none. They count as told from now on. */
  takeAck(): AckFrame | null {
    const positions = this.#write((cursor) => cursor.isDirty);
    for (const cursor of this.#cursors()) cursor.isDirty = false;
    this.#isDirty = false;
    return positions && { type: 'ack', ...positions };
  }

  #cursorOf(channel: string | undefined): LogCursor | null {
    return channel === undefined ? this.#inbox : (this.#channels.get(channel) ?? null);
  }

  #open(channel: string | undefined, position: string): LogCursor {
    const cursor = new LogCursor(position);
    if (channel === undefined) this.#inbox = cursor;
    else this.#channels.set(channel, cursor);
    return cursor;
  }

  #settle(known: LogCursor | null, channel: string | null, log: ResumedLog, gaps: Gap[]): LogCursor {
    const cursor = known ?? new LogCursor(log.position);
    if (log.recovered) cursor.advance(log.position);
    else if (!cursor.hasTold(log.position)) {
      cursor.reset(log.position);
      gaps.push({ channel, position: log.position });
    }
    return cursor;
  }

  #leaveOthers(frame: WelcomeFrame, isMove: boolean): string[] {
    const left: string[] = [];
    for (const [channel, cursor] of this.#channels) {
      if (Object.hasOwn(frame.channels, channel) || (isMove && this.#changed.has(channel))) continue;
      if (cursor.isMember) {
        left.push(channel);
        this.#miss(channel, cursor.text);
      }
      this.#mark(channel, cursor, false);
      // Nothing of an earlier membership can arrive any more once no other connection delivers.
      if (isMove) continue;
      this.#channels.delete(channel);
      this.#left.delete(channel);
    }
    return left;
  }

  #miss(channel: string, position: string): void {
    this.#missed.set(channel, position);
    if (this.#missed.size <= LEFT_KEPT) return;
    const [oldest] = this.#missed.keys();
    if (oldest !== undefined) this.#missed.delete(oldest);
  }

  #setMember(channel: string, isMember: boolean): void {
    const cursor = this.#channels.get(channel);
    if (cursor) this.#mark(channel, cursor, isMember);
    this.#changed.add(channel);
  }

  #mark(channel: string, cursor: LogCursor, isMember: boolean): void {
    cursor.isMember = isMember;
    if (isMember) {
      this.#missed.delete(channel);
      this.#left.delete(channel);
    } else this.#left.add(channel);
  }

  #members(): [string, LogCursor][] {
    return [...this.#channels].filter(([, cursor]) => cursor.isMember);
  }

  #cursors(): LogCursor[] {
    return this.#inbox ? [this.#inbox, ...this.#channels.values()] : [...this.#channels.values()];
  }

  #write(isWanted: (cursor: LogCursor) => boolean): SavedPositions | null {
    const inbox = this.#inbox && isWanted(this.#inbox) ? { inbox: this.#inbox.text } : null;
    const channels = this.#members().filter(([, cursor]) => isWanted(cursor));
    if (channels.length === 0) return inbox;
    return { ...inbox, channels: Object.fromEntries(channels.map(([channel, cursor]) => [channel, cursor.text])) };
  }
}
