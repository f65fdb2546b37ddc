import type { Logger } from 'pino';

/** How often the same failure is logged. */
const QUIET_MS = 5_000;

/** Logs what fails and is tried again: the first time, and then what came together since, not each of a thousand. */
export class FailureLog {
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #nowMs: () => number;
  readonly #kinds = new Map<string, { loggedAtMs: number; suppressed: number }>();

  /** @param nowMs - monotonic milliseconds */
  constructor(logger: Pick<Logger, 'warn'>, nowMs: () => number) {
    this.#logger = logger;
    this.#nowMs = nowMs;
  }

  note(error: unknown, what: string): void {
    const nowMs = this.#nowMs();
    const known = this.#kinds.get(what);
    if (known !== undefined && nowMs - known.loggedAtMs < QUIET_MS) {
      known.suppressed += 1;
      return;
    }
    this.#kinds.set(what, { loggedAtMs: nowMs, suppressed: 0 });
    const suppressed = known?.suppressed ?? 0;
    this.#logger.warn({ err: error, what, suppressed }, 'store failed, trying again');
  }
}
