import type { FlotillaError } from '@flotilla-im/protocol';
import type { LogKey } from '@flotilla-im/store';
import type { Calls } from '../calls/calls.ts';
import type { Deadline } from '../calls/deadline-watch.ts';
import { isPassing } from '../calls/backoff.ts';
import { knownError } from '../calls/known-error.ts';

/**
 * Keeps the order of a log while its appends fail: the first one that is being retried opens a lane, and calls for that
 * log made later wait in it. While nothing fails there is no lane, and an append costs nothing here.
 *
 * Appends of one log that were under way together when the first failed are retried in the order in which they failed;
 * one of them that succeeded meanwhile stands before those.
 */
export class LogLanes {
  readonly #calls: Calls;
  /** The last call waiting in each lane. */
  readonly #lanes = new Map<string, Promise<void>>();

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** Logs with an append that is being retried. */
  get size(): number {
    return this.#lanes.size;
  }

  /** One append, retried until the deadline. @throws {FlotillaError} the last failure, timeout, aborted, closed */
  async run<T>(log: LogKey, deadline: Deadline, attempt: (isRetry: boolean) => Promise<T>): Promise<T> {
    if (this.#lanes.size > 0 && this.#lanes.has(laneOf(log))) return this.#queue(log, deadline, attempt, null);
    try {
      return await this.#calls.watch.settle(attempt(false), deadline);
    } catch (thrown) {
      const failure = knownError(thrown);
      if (!isPassing(failure) || this.#isOver(deadline)) throw failure;
      return this.#queue(log, deadline, attempt, failure);
    }
  }

  #queue<T>(
    log: LogKey,
    deadline: Deadline,
    attempt: (isRetry: boolean) => Promise<T>,
    failure: FlotillaError | null,
  ): Promise<T> {
    const lane = laneOf(log);
    const turn = async (): Promise<T> => {
      // Whoever waited may have been told `timeout` already: then nothing may be sent any more.
      this.#calls.check(deadline);
      if (failure !== null) await this.#calls.pause(deadline, failure, 0);
      return this.#calls.retry(deadline, attempt, failure === null ? 0 : 1);
    };
    const result = (this.#lanes.get(lane) ?? Promise.resolve()).then(turn);
    const settled = result.then(nothing, nothing);
    this.#lanes.set(lane, settled);
    void settled.then(() => {
      if (this.#lanes.get(lane) === settled) this.#lanes.delete(lane);
    });
    return this.#calls.watch.settle(result, deadline);
  }

  #isOver(deadline: Deadline): boolean {
    return deadline.signal?.aborted === true || this.#calls.timing.nowMs() >= deadline.untilMs;
  }
}

function laneOf(log: LogKey): string {
  return log.kind === 'inbox' ? `i${log.id}` : `c${log.id}`;
}

function nothing(): void {
  // Failures are the callers': a lane only orders them.
}
