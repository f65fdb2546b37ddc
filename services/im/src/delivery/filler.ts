import type { Position } from '@flotilla-im/protocol';
import type { FlushTick } from './flush-tick.ts';
import type { LogPage } from './log-page.ts';
import type { LogView } from './log-view.ts';

/** Reads one page of a view's log; rejects when the pod closes. */
export type ReadPage = (view: LogView, after: Position) => Promise<LogPage>;

/** Brings views up to date by reading their logs, one read a view at a time. */
export class Filler {
  readonly #readPage: ReadPage;
  readonly #tick: FlushTick;
  readonly #filling = new Map<LogView, Filling>();
  /** Reads of logs because a notify did not carry the next offset, or might have been lost. */
  fills = 0;

  constructor(readPage: ReadPage, tick: FlushTick) {
    this.#readPage = readPage;
    this.#tick = tick;
  }

  /**
   * Reads the log from the view's line to its end, by a read that begins now or later. Resolves when the view is there; also
   * when the pod closed meanwhile.
   */
  fill(view: LogView): Promise<void> {
    if (!view.isOpen) return Promise.resolve();
    const running = this.#filling.get(view);
    if (running !== undefined) {
      running.isRepeated = true;
      return running.done;
    }
    const filling: Filling = { isRepeated: false, done: Promise.resolve() };
    this.#filling.set(view, filling);
    filling.done = this.#fill(view, filling).finally(() => this.#filling.delete(view));
    return filling.done;
  }

  /** Never rejects. */
  async #fill(view: LogView, filling: Filling): Promise<void> {
    try {
      while ((await this.#fillOnce(view, filling)) === 'again');
    } catch {
      // The pod is closing; nobody waits for the messages any more.
    }
  }

  async #fillOnce(view: LogView, filling: Filling): Promise<'done' | 'again'> {
    filling.isRepeated = false;
    const outcome = await this.#fillPage(view);
    if (outcome === 'more' || isRepeated(filling)) return 'again';
    if (outcome === 'stuck') view.dropKept();
    return 'done';
  }

  async #fillPage(view: LogView): Promise<'done' | 'more' | 'stuck'> {
    this.fills += 1;
    const { line: asked, doubts } = view;
    const page = await this.#readPage(view, asked);
    view.clear(doubts);
    const outcome = view.absorb(asked, page);
    this.#tick.addView(view);
    return outcome;
  }
}

interface Filling {
  /** Asked for again while it ran: its last read must begin after that. */
  isRepeated: boolean;
  done: Promise<void>;
}

/** It changes while its filling waits for a read. */
function isRepeated(filling: Filling): boolean {
  return filling.isRepeated;
}
