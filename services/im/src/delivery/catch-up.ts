import type { Filler, ReadPage } from './filler.ts';
import type { Follower } from './follower.ts';
import { type LogPage, RUN_BYTES } from './log-page.ts';
import { MessageRun } from './message-run.ts';

/** Brings followers that are behind to their log's end: from the ring where it reaches back far enough, else from the log. */
export class CatchUp {
  readonly #readPage: ReadPage;
  readonly #filler: Filler;

  constructor(readPage: ReadPage, filler: Filler) {
    this.#readPage = readPage;
    this.#filler = filler;
  }

  /** Goes on until the follower is live, its connection takes no more for now, or a read is under way. */
  advance(follower: Follower): void {
    const { view, receiver } = follower;
    while (receiver.isServed && !follower.isGone && !follower.isReading && !view.attach(follower)) {
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

  /** Never rejects: reads fail only when the pod closes. */
  async #read(follower: Follower): Promise<void> {
    const { view, receiver } = follower;
    try {
      const page = await this.#readPage(view, follower.place);
      // At the log's end, but the view is not there yet: its notifies are late or lost.
      if (page.frames.length === 0) await this.#filler.fill(view);
      follower.isReading = false;
      if (follower.isGone || !receiver.isServed) return;
      if (!page.recovered) receiver.jumped(follower, page.start);
      this.take(follower, page);
    } catch {
      follower.isReading = false;
    }
  }
}

/** Queues a run on a follower that is behind. False: its connection has too much waiting. */
function give(follower: Follower, run: MessageRun): boolean {
  const part = run.for(follower.receiver.clientId);
  if (part !== null && !follower.receiver.take(part)) return false;
  const last = run.frames.at(-1);
  if (last !== undefined) follower.place = { generation: last.entry.generation, offset: last.entry.offset };
  return true;
}
