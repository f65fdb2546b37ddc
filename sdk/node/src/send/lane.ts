import type { FlotillaError } from '@flotilla-im/protocol';

/** One call's place in a lane. */
export interface Turn {
  /** Its place among all calls. */
  readonly order: number;
  /** Resolves when it is the call's turn. */
  readonly begun: Promise<void>;
}

interface Entry extends Turn {
  readonly begin: () => void;
  /** Resolves the wait for its end. */
  end: (() => void) | null;
}

/** The calls for one log whose appends are being retried, in the order in which they were made. */
export class Lane {
  /** The latest failure met in it: the reason why the others wait. */
  failure: FlotillaError;
  readonly #waiting: Entry[] = [];
  #running: Entry | null = null;

  constructor(failure: FlotillaError) {
    this.failure = failure;
  }

  /** Whose turn is next; null when nobody waits. */
  get first(): Turn | null {
    return this.#waiting[0] ?? null;
  }

  enter(order: number): Turn {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const entry: Entry = { order, begun, begin, end: null };
    const place = this.#waiting.findLastIndex((other) => other.order < order);
    this.#waiting.splice(place + 1, 0, entry);
    return entry;
  }

  /** It has ended, or gave up waiting. */
  leave(turn: Turn): void {
    const place = this.#waiting.indexOf(turn as Entry);
    if (place >= 0) this.#waiting.splice(place, 1);
    else if (this.#running === turn) this.#running.end?.();
  }

  /** Lets the first one have its turn; resolves when it has left. */
  async next(): Promise<void> {
    const entry = this.#waiting.shift();
    if (entry === undefined) return;
    this.#running = entry;
    await new Promise<void>((resolve) => {
      entry.end = resolve;
      entry.begin();
    });
    this.#running = null;
  }
}
