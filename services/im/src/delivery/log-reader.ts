import { type Position, samePosition } from '@flotilla-im/protocol';
import type { LogKey, LogSlice } from '@flotilla-im/store';
import { LogPage } from './log-page.ts';
import type { LogView } from './log-view.ts';

/** Reads a log after a position; repeats itself while the store is away, and rejects only when the pod closes. */
export type ReadLog = (log: LogKey, after: Position) => Promise<LogSlice>;

interface Request {
  readonly after: Position;
  readonly resolve: (page: LogPage) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads under way at a time, all logs together. */
const MOST_AT_ONCE = 64;

/**
 * Reads of logs by position: one at a time a log, and whoever waits for what another's read brought gets it from there.
 * So a thousand followers that fell behind alike cost one read a page.
 */
export class LogReader {
  readonly #read: ReadLog;
  readonly #waiting = new Map<LogView, Request[]>();
  /** Logs whose turn has not come. */
  readonly #line: LogView[] = [];
  #running = 0;

  constructor(read: ReadLog) {
    this.#read = read;
  }

  /** The page after a position. */
  page(view: LogView, after: Position): Promise<LogPage> {
    return new Promise((resolve, reject) => {
      const request = { after, resolve, reject };
      const waiting = this.#waiting.get(view);
      if (waiting !== undefined) {
        waiting.push(request);
        return;
      }
      this.#waiting.set(view, [request]);
      this.#line.push(view);
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < MOST_AT_ONCE) {
      const view = this.#line.shift();
      if (view === undefined) return;
      this.#running += 1;
      void this.#serve(view);
    }
  }

  /** Never rejects: its requests own the failures. */
  async #serve(view: LogView): Promise<void> {
    // Whoever asks meanwhile joins the list in the map.
    let requests = this.#waiting.get(view) ?? [];
    for (let [first] = requests; first !== undefined; [first] = requests) {
      try {
        const { after } = first;
        const early = requests.length;
        const slice = await this.#read(view.key, after);
        requests = handOut(requests, early, after, LogPage.of(view.key, slice));
      } catch (error) {
        for (const { reject } of requests) reject(error);
        requests = [];
      }
      this.#waiting.set(view, requests);
    }
    this.#waiting.delete(view);
    this.#running -= 1;
    this.#next();
  }
}

/**
 * Gives a page to all it serves; returns the others. Those behind the first `early` asked after the read began: they may
 * want to hear of something newer, so a page that ends where the log ended then is not for them.
 */
function handOut(requests: readonly Request[], early: number, asked: Position, page: LogPage): Request[] {
  const goesOn = (page.frames.at(-1)?.entry.offset ?? page.meta.last) < page.meta.last;
  return requests.filter(({ after, resolve }, index) => {
    const own = samePosition(after, asked) ? page : page.from(after);
    if (own === null || (index >= early && !goesOn)) return true;
    resolve(own);
    return false;
  });
}
