import { LOG_START, type Position, samePosition } from '@flotilla-im/protocol';
import { type Generation, type LogEntry, type LogKey, type LogMeta, partitionOf, positionAt } from '@flotilla-im/store';
import type { Follower } from './follower.ts';
import { FrameRing, type RingBounds } from './frame-ring.ts';
import type { LogPage } from './log-page.ts';
import { lastCommon, startOfMember } from './log-places.ts';
import { MessageFrame } from './message-frame.ts';
import { MessageRun } from './message-run.ts';
import { Stash } from './stash.ts';

/**
 * What became of a notified entry. `appended`: it was the next one. `known`: it had come before. `kept`: it waits for the
 * first read. `gap`: something before it is missing, or it contradicts what is known: read the log.
 */
export type Offered = 'appended' | 'known' | 'kept' | 'gap';

/** Above this weight a run is flushed before the tick ends, so that no single run is out of proportion to a queue. */
const EARLY_FLUSH_BYTES = 262_144;

/**
 * One log as a pod serves it: how far it is known, its latest messages, and who follows it. It does no I/O; whoever feeds
 * it reads the log where it says `gap`.
 */
export class LogView {
  readonly key: LogKey;
  readonly partition: number;
  /** The last position known. Nothing before it is missing here. */
  line: Position = LOG_START;
  /** The last position given to the live followers. */
  flushed: Position = LOG_START;
  /** As of the last read. */
  generations: readonly Generation[] = [];
  /** Of the log's partition, as of the last read. */
  life: string = LOG_START.generation;
  /** Until `open`, entries are kept aside: they may be older or newer than what the first read brings. */
  isOpen = false;
  /** Who needs the view: followers, and arrivals on their way. Counted by the view table. */
  holders = 0;
  /** The log lost places that were given out. */
  hasJumped = false;
  /** How often the store may have lost what was said; see `doubt`. */
  doubts = 0;
  /** In the list of the tick. */
  isDirty = false;
  readonly #bounds: RingBounds;
  readonly #live: Follower[] = [];
  #ring: FrameRing | null = null;
  #pending: MessageFrame[] = [];
  #pendingWeight = 0;
  #stash: Stash | null = null;
  /** Nothing was appended since `cool` was called. */
  #isCool = false;
  /** So many doubts were cleared up by reads. */
  #cleared = 0;

  constructor(key: LogKey, bounds: RingBounds) {
    this.key = key;
    this.partition = partitionOf(key.id);
    this.#bounds = bounds;
  }

  get liveCount(): number {
    return this.#live.length;
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  /** Sets the line to the log's end as the first read found it. Entries kept aside follow; `gap` when some are missing. */
  open({ generations, last, life }: LogMeta): Offered {
    this.generations = generations;
    this.life = life;
    this.#cleared = this.doubts;
    this.line = lastPosition(generations, last, life);
    this.flushed = this.line;
    this.isOpen = true;
    return this.#takeStash();
  }

  /** An entry was notified. */
  offer(entry: LogEntry): Offered {
    if (!this.isOpen) return this.#keep(entry, 'kept');
    if (this.#isNext(entry)) {
      this.#append(this.#framed(entry));
      return this.#stash === null ? 'appended' : this.#takeStash();
    }
    if (entry.generation === this.line.generation && entry.offset <= this.line.offset) {
      return this.#isKnown(entry) ? 'known' : 'gap';
    }
    return this.#keep(entry, 'gap');
  }

  /**
   * A read of the log from `asked`, which was the line, came back. `more`: read again, the log goes on. `stuck`: it brought
   * nothing, but entries are kept that the log does not reach. Where `asked` was not to be had, the followers are told that
   * the log jumped.
   */
  absorb(asked: Position, page: LogPage): 'done' | 'more' | 'stuck' {
    const hasMoved = !samePosition(asked, this.line);
    if (!page.recovered && hasMoved) return 'more';
    const before = this.line;
    if (!page.recovered) this.#jump(page);
    this.generations = page.meta.generations;
    this.life = page.meta.life;
    for (const frame of page.frames) if (frame.entry.offset > this.line.offset) this.#append(frame);
    const isComplete = this.#takeStash() !== 'gap' && this.line.offset >= page.meta.last;
    if (isComplete) return 'done';
    return hasMoved || this.line !== before ? 'more' : 'stuck';
  }

  /**
   * The store may have lost everything since the last read: while nothing of the log is known, a message does not prove by its
   * offset that none was before it.
   */
  doubt(): void {
    this.doubts += 1;
  }

  /** A read that began after so many doubts came back. */
  clear(doubts: number): void {
    this.#cleared = Math.max(this.#cleared, doubts);
  }

  /** Gives up the entries kept aside: a complete read that began after the last of them came does not know them. */
  dropKept(): void {
    this.#stash = null;
  }

  /** Gives what is pending to the live followers. */
  flush(): void {
    const frames = this.#pending;
    if (frames.length === 0) return;
    this.#pending = [];
    this.#pendingWeight = 0;
    if (this.#live.length > 0) this.#spread(new MessageRun(frames));
    for (const frame of frames) frame.forgetBytes();
    this.flushed = this.line;
  }

  /** Gives a message without a position to the live followers, behind what is pending. Returns for how many it was too much. */
  pass(run: MessageRun): number {
    this.flush();
    let dropped = 0;
    for (const { receiver } of this.#live) {
      const part = run.for(receiver.clientId);
      if (part !== null && !receiver.take(part)) dropped += 1;
    }
    return dropped;
  }

  /** The messages after a position, if they are at hand: at most `maxWeight`, at least one; [] at the line; null when not. */
  after(position: Position, maxWeight: number): readonly MessageFrame[] | null {
    if (!this.isOpen) return null;
    if (samePosition(position, this.line)) return [];
    return this.#ring?.after(position, maxWeight) ?? null;
  }

  /** The position before the last message; null where there is no message, or the view does not know that one's generation. */
  get beforeLast(): Position | null {
    const { generations, life, line } = this;
    if (this.#ring !== null) return this.#ring.beforeLast;
    if (line.offset === 0 || generations.at(-1)?.generation !== line.generation) return null;
    return positionAt({ generations, life, last: line.offset, head: 0 }, line.offset - 1);
  }

  /** Makes a follower live if it stands at the line. */
  attach(follower: Follower): boolean {
    if (follower.isLive) return true;
    if (!this.isOpen || follower.isGone) return false;
    if (!samePosition(follower.place, this.line)) return false;
    this.flush();
    follower.liveIndex = this.#live.push(follower) - 1;
    follower.isLate = false;
    return true;
  }

  /** Takes a follower off the live ones; it stands where it was. */
  detach(follower: Follower): void {
    const { liveIndex } = follower;
    if (liveIndex < 0) return;
    follower.place = this.flushed;
    follower.liveIndex = -1;
    const last = this.#live.pop();
    if (last === undefined || last === follower) return;
    this.#live[liveIndex] = last;
    last.liveIndex = liveIndex;
  }

  /** Called now and then: a log that was quiet since the last time keeps no messages at hand; who needs them reads it. */
  cool(): void {
    if (this.#isCool && !this.hasPending) this.#ring = null;
    this.#isCool = true;
  }

  /** The live followers, to walk over; backwards, since a follower that falls behind leaves its place to the last one. */
  #spread(run: MessageRun): void {
    for (let i = this.#live.length - 1; i >= 0; i--) {
      const follower = this.#live[i];
      if (follower === undefined) continue;
      const part = run.for(follower.receiver.clientId);
      if (part === null || follower.receiver.take(part)) continue;
      this.detach(follower);
      follower.isLate = true;
      follower.receiver.fellBehind();
    }
  }

  #framed(entry: LogEntry): MessageFrame {
    return new MessageFrame(this.key, entry, false);
  }

  #append(frame: MessageFrame): void {
    const { entry } = frame;
    this.#ring ??= new FrameRing(this.line, this.#bounds);
    this.#ring.push(frame);
    this.#isCool = false;
    // Not the entry itself: its data would be kept as long as the view.
    this.line = { generation: entry.generation, offset: entry.offset };
    this.#pending.push(frame);
    this.#pendingWeight += frame.weight;
    if (this.#pendingWeight > EARLY_FLUSH_BYTES) this.flush();
  }

  #jump({ start: first, meta }: LogPage): void {
    this.hasJumped = true;
    this.flush();
    // The followers have all that came before the line; of what the log has kept of it they are told nothing twice.
    const start = lastCommon(meta, this.generations, this.line, first);
    this.#ring = null;
    this.line = start;
    this.flushed = start;
    for (const follower of [...this.#live]) {
      const place = startOfMember(meta, start, follower.joinedAt);
      if (place !== start) {
        this.detach(follower);
        follower.place = place;
      }
      follower.receiver.jumped(follower, place);
      if (place !== start) follower.receiver.catchUpLater();
    }
  }

  /** What is at hand may be the first message of another life of the log. */
  get #isUncertain(): boolean {
    return this.line.offset === 0 && this.#cleared !== this.doubts;
  }

  #isNext({ generation, offset }: LogEntry): boolean {
    if (offset !== this.line.offset + 1) return false;
    if (generation === this.line.generation) return true;
    // The first message of a log may be of any generation.
    return this.line.offset === 0 && !this.#isUncertain;
  }

  #isKnown(entry: LogEntry): boolean {
    const frame = this.#ring?.at(entry.offset);
    return frame?.entry.messageId === entry.messageId;
  }

  #keep(entry: LogEntry, outcome: Offered): Offered {
    (this.#stash ??= new Stash()).add(entry);
    return outcome;
  }

  #takeStash(): Offered {
    const stash = this.#stash;
    if (stash === null) return 'appended';
    if (this.#isUncertain) return 'gap';
    for (let next = stash.take(this.line); next !== null; next = stash.take(this.line)) {
      this.#append(this.#framed(next));
    }
    if (stash.isSettledBy(this.line)) this.#stash = null;
    return this.#stash === null ? 'appended' : 'gap';
  }
}

function lastPosition(generations: readonly Generation[], last: number, life: string): Position {
  const generation = generations.at(-1)?.generation;
  return generation === undefined || last === 0 ? { generation: life, offset: 0 } : { generation, offset: last };
}
