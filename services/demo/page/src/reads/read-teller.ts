import type { Looked } from '../../../src/words.ts';
import { ApiError } from '../api.ts';

/** Words come in quick succession: so long is waited for the last of them. */
const PACE_MS = 400;
/** After a failure that may pass. */
const AGAIN_MS = 3_000;

/** What telling needs. */
export interface ReadTellerDeps {
  readonly tell: (looked: Looked) => Promise<unknown>;
  readonly wait: (ms: number) => Promise<void>;
}

/** Tells the service how far private conversations were read: the last message stands for all, one request at a time for each. */
export class ReadTeller {
  readonly #deps: ReadTellerDeps;
  /** By who wrote it: the last that was seen. */
  readonly #seen = new Map<string, Looked>();
  readonly #told = new Map<string, string>();
  readonly #telling = new Set<string>();

  constructor(deps: ReadTellerDeps) {
    this.#deps = deps;
  }

  /** It can be seen. Safe to repeat. */
  seen(looked: Looked): void {
    const { from, id } = looked;
    this.#seen.set(from, looked);
    if (this.#told.get(from) === id || this.#telling.has(from)) return;
    this.#telling.add(from);
    void this.#tell(from).finally(() => this.#telling.delete(from));
  }

  async #tell(from: string): Promise<void> {
    const { tell, wait } = this.#deps;
    for (;;) {
      await wait(PACE_MS);
      const looked = this.#seen.get(from);
      if (looked === undefined || this.#told.get(from) === looked.id) return;
      try {
        await tell(looked);
        this.#told.set(from, looked.id);
      } catch (error) {
        if (error instanceof ApiError && error.retryAfterMs !== null)
          await wait(Math.max(AGAIN_MS, error.retryAfterMs));
        // What the service does not accept now it never will.
        else this.#told.set(from, looked.id);
      }
    }
  }
}
