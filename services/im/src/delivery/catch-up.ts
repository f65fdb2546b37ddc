import { positionAt } from '@flotilla-im/store';
import type { Filler, ReadPage } from './filler.ts';
import type { Follower } from './follower.ts';
import { startOfMember } from './log-places.ts';
import { type LogPage, RUN_BYTES } from './log-page.ts';
import { MessageRun } from './message-run.ts';

/**
 * Brings followers that are behind to their log's end: from the ring where it reaches back far enough, else from the log.
 * Those that did not keep up may skip some of it, by their policy.
 */
export class CatchUp {
  readonly #readPage: ReadPage;
  readonly #filler: Filler;
  readonly #queueBytes: number;

  /** @param queueBytes - about what is left of a log to one that drops what is older */
  constructor(readPage: ReadPage, filler: Filler, queueBytes: number) {
    this.#readPage = readPage;
    this.#filler = filler;
    this.#queueBytes = queueBytes;
  }

  /** Goes on until the follower is live, its connection takes no more for now, or a read is under way. */
  advance(follower: Follower): void {
    const { view, receiver } = follower;
    while (receiver.isServed && !follower.isGone && !follower.isReading && !view.attach(follower)) {
      if (follower.isLate) passToLast(follower);
      const frames = view.after(follower.place, RUN_BYTES);
      if (frames === null || frames.length === 0) {
        follower.isReading = true;
        void this.#read(follower);
      } else if (!give(follower, new MessageRun(frames))) {
        receiver.catchUpLater();
        return;
      }
    }
  }

  /** A page that was read from where the follower stands; then goes on. */
  take(follower: Follower, page: LogPage): void {
    follower.place = page.start;
    if (page.runs().every((run) => give(follower, run))) this.advance(follower);
    else follower.receiver.catchUpLater();
  }

  /**
   * Passes over what is more than a queue's worth, by the size of the messages that were read. True: it did, and the page is
   * of no use any more. Each time it goes further, so it comes to an end.
   */
  #dropOldest(follower: Follower, { frames, start, meta }: LogPage): boolean {
    const { view, receiver } = follower;
    if (frames.length === 0 || receiver.policyOf(view.key) !== 'drop-oldest') return false;
    const meanBytes = frames.reduce((sum, { weight }) => sum + weight, 0) / frames.length;
    const offset = meta.last - Math.max(1, Math.floor(this.#queueBytes / meanBytes));
    if (offset <= start.offset) return false;
    follower.place = positionAt(meta, offset);
    receiver.passedOver(follower, follower.place, offset - start.offset);
    return true;
  }

  /** Never rejects: reads fail only when the pod closes. */
  async #read(follower: Follower): Promise<void> {
    const { view, receiver } = follower;
    try {
      const page = await this.#readPage(view, follower.place);
      // At the log's end, but the view is not there yet: its notifies are late or lost.
      if (page.frames.length === 0) await this.#filler.fill(view);
      follower.isReading = false;
      if (follower.isGone || !receiver.isServed) return;
      const start = page.recovered ? page.start : startOfMember(page.meta, page.start, follower.joinedAt);
      if (!page.recovered) receiver.jumped(follower, start);
      if (start !== page.start) {
        follower.place = start;
        this.advance(follower);
      } else if (follower.isLate && this.#dropOldest(follower, page)) this.advance(follower);
      else this.take(follower, page);
    } catch {
      follower.isReading = false;
    }
  }
}

/** Where only the newest message counts, a follower that did not keep up goes on with that one. */
function passToLast(follower: Follower): void {
  const { view, receiver, place } = follower;
  if (receiver.policyOf(view.key) !== 'latest') return;
  const { beforeLast } = view;
  if (beforeLast === null || beforeLast.offset <= place.offset) return;
  follower.place = beforeLast;
  receiver.passedOver(follower, beforeLast, beforeLast.offset - place.offset);
}

/** Queues a run on a follower that is behind. False: its connection has too much waiting. */
function give(follower: Follower, run: MessageRun): boolean {
  const part = run.for(follower.receiver.clientId);
  if (part !== null && !follower.receiver.take(part)) return false;
  const last = run.frames.at(-1);
  if (last !== undefined) follower.place = { generation: last.entry.generation, offset: last.entry.offset };
  return true;
}
