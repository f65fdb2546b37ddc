import { FlotillaError, isFlotillaError } from '@flotilla-im/protocol';

/** First and longest pause between attempts. */
const FIRST_MS = 50;
const LONGEST_MS = 2_000;

/** What persistence needs. */
export interface PersistenceDeps {
  readonly setTimer: (run: () => void, ms: number) => unknown;
  /** Uniform in [0, 1). */
  readonly chance: () => number;
  /** Hears of each failure; a fault that no retry heals (a wrong argument) is repeated as well, slowly, and shows here. */
  readonly onFailure: (error: unknown, what: string) => void;
}

/** Repeats what must happen until it does, or until the pod closes: the store may be away for a while. */
export class Persistence {
  readonly #deps: PersistenceDeps;
  /** Those in a pause; told whether it ends before its time. */
  readonly #pausing = new Set<(isEarly: boolean) => void>();
  #isClosed = false;

  constructor(deps: PersistenceDeps) {
    this.#deps = deps;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Runs it until it succeeds.
   *
   * @throws {FlotillaError} closed, when the pod closes first
   */
  async until<T>(what: string, task: () => Promise<T>): Promise<T> {
    for (let pauseMs = FIRST_MS; !this.isClosed; pauseMs = Math.min(pauseMs * 2, LONGEST_MS)) {
      try {
        return await task();
      } catch (error) {
        if (isFlotillaError(error) && error.code === 'closed') throw error;
        this.#deps.onFailure(error, what);
      }
      // What ends a pause early may not be all that it takes: soon again, then.
      if (await this.#pause(pauseMs * (0.5 + this.#deps.chance() / 2))) pauseMs = FIRST_MS / 2;
    }
    throw new FlotillaError('closed', 'the shard is closing');
  }

  /** The same for something nobody waits for. */
  eventually(what: string, task: () => Promise<unknown>): void {
    this.until(what, task).catch(() => {
      // Only closing ends it: what was not written then is what a killed pod does not write either.
    });
  }

  /** The store is back, as far as anybody knows: what waits tries now. */
  hurry(): void {
    for (const wake of [...this.#pausing]) wake(true);
  }

  /** Ends all pauses; what runs may still end well. */
  close(): void {
    this.#isClosed = true;
    this.hurry();
  }

  #pause(ms: number): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const wake = (isEarly: boolean): void => {
        this.#pausing.delete(wake);
        resolve(isEarly);
      };
      this.#pausing.add(wake);
      this.#deps.setTimer(() => wake(false), ms);
    });
  }
}
