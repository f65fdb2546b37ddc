import { FlotillaError } from '@flotilla-im/protocol';
import type { LogKey } from '@flotilla-im/store';
import type { Calls } from '../calls/calls.ts';
import type { Deadline } from '../calls/deadline-watch.ts';
import { isPassing } from '../calls/backoff.ts';
import { knownError } from '../calls/known-error.ts';

/** One log whose appends are being retried. */
interface Lane {
  /** Resolves when the last call in it has ended. */
  last: Promise<void>;
  /** The latest failure met in it: the reason why the others wait. */
  failure: FlotillaError;
}

/**
 * Keeps the order of a log while its appends fail: the first one that is being retried opens a lane, and calls for that
 * log made later wait in it. While nothing fails there is no lane, and an append costs nothing here.
 *
 * Appends of one log that were under way together when the first failed are retried in the order in which they failed;
 * one of them that succeeded meanwhile stands before those.
 */
export class LogLanes {
  readonly #calls: Calls;
  readonly #lanes = new Map<string, Lane>();

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** Logs with an append that is being retried. */
  get size(): number {
    return this.#lanes.size;
  }

  /**
   * One append, retried until the deadline.
   *
   * @throws {FlotillaError} the last failure met; that of the call in front, when this one waited behind it until its
   * deadline and so was never sent; timeout, when an attempt got no answer; aborted, closed
   */
  async run<T>(log: LogKey, deadline: Deadline, attempt: Attempt<T>): Promise<T> {
    const key = laneOf(log);
    const lane = this.#lanes.size > 0 ? this.#lanes.get(key) : undefined;
    if (lane) return this.#queue(key, lane, deadline, attempt, null);
    try {
      return await this.#calls.watch.settle(attempt(false), deadline);
    } catch (thrown) {
      const failure = knownError(thrown);
      if (!isPassing(failure) || this.#isOver(deadline)) throw failure;
      const opened = this.#lanes.get(key) ?? { last: Promise.resolve(), failure };
      return this.#queue(key, opened, deadline, attempt, failure);
    }
  }

  #queue<T>(
    key: string,
    lane: Lane,
    deadline: Deadline,
    attempt: Attempt<T>,
    failure: FlotillaError | null,
  ): Promise<T> {
    const before = lane.last;
    const result = this.#turn(lane, before, deadline, attempt, failure);
    // Whoever gave up waiting leaves the lane as long as it is: those behind wait for those in front.
    const last = before.then(() => result).then(nothing, nothing);
    lane.last = last;
    this.#lanes.set(key, lane);
    void last.then(() => {
      if (lane.last === last) this.#lanes.delete(key);
    });
    return result;
  }

  async #turn<T>(
    lane: Lane,
    before: Promise<void>,
    deadline: Deadline,
    attempt: Attempt<T>,
    failure: FlotillaError | null,
  ): Promise<T> {
    try {
      await this.#calls.watch.settle(before, deadline);
      this.#calls.check(deadline);
    } catch (thrown) {
      const reason = knownError(thrown);
      throw reason.code === 'timeout' ? (failure ?? neverSent(lane.failure)) : reason;
    }
    if (failure !== null) await this.#calls.pause(deadline, failure, 0);
    const noting: Attempt<T> = async (isRetry) => {
      try {
        return await attempt(isRetry);
      } catch (thrown) {
        const met = knownError(thrown);
        if (isPassing(met)) lane.failure = met;
        throw met;
      }
    };
    return this.#calls.retry(deadline, noting, failure === null ? 0 : 1);
  }

  #isOver(deadline: Deadline): boolean {
    return deadline.signal?.aborted === true || this.#calls.timing.nowMs() >= deadline.untilMs;
  }
}

type Attempt<T> = (isRetry: boolean) => Promise<T>;

/** Of a call whose deadline passed before its turn came. */
function neverSent(front: FlotillaError): FlotillaError {
  const text = `never sent, because an earlier message for the same log was still being retried: ${front.message}`;
  return new FlotillaError(front.code, text, { cause: front, retryAfterMs: front.retryAfterMs });
}

function laneOf(log: LogKey): string {
  return log.kind === 'inbox' ? `i${log.id}` : `c${log.id}`;
}

function nothing(): void {
  // Failures are the callers': a lane only orders them.
}
