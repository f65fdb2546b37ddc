import type { FleetAnswer } from '../../../src/fleet/fleet-words.ts';

/** As often as shards report. */
const OPEN_MS = 500;
/** For a strip that only sums up. */
const CLOSED_MS = 15_000;
/** After a failure, at least. */
const FAILED_MS = 2_000;

/** What a feed needs of its surroundings. */
export interface FleetFeedDeps {
  readonly ask: () => Promise<FleetAnswer>;
  /** Null: it cannot be had just now. */
  readonly tell: (fleet: FleetAnswer | null) => void;
  /** Whether anybody can see the page. */
  readonly isVisible: () => boolean;
  /** Calls later; the result takes that back. */
  readonly later: (act: () => void, ms: number) => () => void;
}

/** Asks for the fleet: often while the panel is open, seldom while it is closed, never while nobody can see it. */
export class FleetFeed {
  readonly #deps: FleetFeedDeps;
  #isOpen = false;
  #isAsking = false;
  #cancel: () => void = () => undefined;

  constructor(deps: FleetFeedDeps) {
    this.#deps = deps;
  }

  /** Asks at once, and from now on as often as the panel needs it. */
  setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.soon();
  }

  /** Asks at once: something was done, or the page can be seen again. */
  soon(): void {
    this.#cancel();
    if (this.#isAsking || !this.#deps.isVisible()) return;
    this.#isAsking = true;
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const { ask, tell, later } = this.#deps;
    const fleet = await ask().catch(() => null);
    this.#isAsking = false;
    tell(fleet);
    const ms = this.#isOpen ? OPEN_MS : CLOSED_MS;
    this.#cancel = later(() => this.soon(), fleet === null ? Math.max(ms, FAILED_MS) : ms);
  }
}
