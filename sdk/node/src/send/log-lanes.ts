import { FlotillaError } from '@flotilla-im/protocol';
import type { LogKey } from '@flotilla-im/store';
import type { Calls } from '../calls/calls.ts';
import type { Deadline } from '../calls/deadline-watch.ts';
import { isPassing } from '../calls/backoff.ts';
import { knownError } from '../calls/known-error.ts';
import { Lane, type Turn } from './lane.ts';

type Attempt<T> = (isRetry: boolean) => Promise<T>;

/** Resolves when what an attempt appended is where it must be. */
type Confirm<T> = (appended: T) => Promise<void>;

/** An append that is under way for the first time. */
interface Direct {
  readonly log: LogKey;
  /** Its place among all calls. */
  readonly order: number;
  /** Called when it has succeeded, failed or entered its lane. */
  settled: (() => void) | null;
}

/**
 * Keeps the order of a log while its appends fail: the first failure opens a lane, calls for that log made later wait in
 * it, and those under way already that fail as well enter it at their own place: a connection that breaks may refuse a
 * later append before it gives up an earlier one. While nothing fails there is no lane.
 *
 * What remains: of appends of one log that were under way together, one that succeeds stands before those that fail.
 */
export class LogLanes {
  readonly #calls: Calls;
  readonly #lanes = new Map<string, Lane>();
  readonly #direct = new Set<Direct>();
  #made = 0;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** Logs with an append that is being retried. */
  get size(): number {
    return this.#lanes.size;
  }

  /**
   * One append, retried until the deadline. Where it has to be confirmed it is appended again, at its own place, when that
   * cannot be known; while it is waited for its place in the log is taken, so nobody waits behind it.
   *
   * @throws {FlotillaError} the last failure met; that of the call in front, when this one waited behind it until its
   * deadline and so was never sent; timeout, when an attempt got no answer; aborted, closed; what `confirm` throws
   */
  async run<T>(log: LogKey, deadline: Deadline, attempt: Attempt<T>, confirm: Confirm<T> | null = null): Promise<T> {
    const order = (this.#made += 1);
    let appended = await this.#first(log, order, deadline, attempt);
    while (confirm !== null) {
      try {
        await this.#calls.watch.settle(confirm(appended), deadline);
        break;
      } catch (thrown) {
        const failure = knownError(thrown);
        if (!isPassing(failure) || this.#isOver(deadline)) throw failure;
        appended = await this.#queue(this.#laneFor(log, failure), order, deadline, attempt, failure);
      }
    }
    return appended;
  }

  async #first<T>(log: LogKey, order: number, deadline: Deadline, attempt: Attempt<T>): Promise<T> {
    const direct: Direct = { log, order, settled: null };
    const lane = this.#lanes.size > 0 ? this.#lanes.get(laneOf(log)) : undefined;
    if (lane) return this.#queue(lane, order, deadline, attempt, null);
    this.#direct.add(direct);
    try {
      return await this.#calls.watch.settle(attempt(false), deadline);
    } catch (thrown) {
      const failure = knownError(thrown);
      if (!isPassing(failure) || this.#isOver(deadline)) throw failure;
      const queued = this.#queue(this.#laneFor(log, failure), order, deadline, attempt, failure);
      this.#leave(direct);
      return await queued;
    } finally {
      this.#leave(direct);
    }
  }

  async #queue<T>(
    lane: Lane,
    order: number,
    deadline: Deadline,
    attempt: Attempt<T>,
    failure: FlotillaError | null,
  ): Promise<T> {
    const turn = lane.enter(order);
    try {
      await this.#wait(turn, lane, deadline, failure);
      if (failure !== null) await this.#calls.pause(deadline, failure, 0);
      return await this.#calls.retry(deadline, noting(lane, attempt), failure === null ? 0 : 1);
    } finally {
      lane.leave(turn);
    }
  }

  async #wait(turn: Turn, lane: Lane, deadline: Deadline, failure: FlotillaError | null): Promise<void> {
    try {
      await this.#calls.watch.settle(turn.begun, deadline);
      this.#calls.check(deadline);
    } catch (thrown) {
      const reason = knownError(thrown);
      throw reason.code === 'timeout' ? (failure ?? neverSent(lane.failure)) : reason;
    }
  }

  #laneFor(log: LogKey, failure: FlotillaError): Lane {
    const key = laneOf(log);
    const known = this.#lanes.get(key);
    if (known) return known;
    const lane = new Lane(failure);
    this.#lanes.set(key, lane);
    void this.#serve(key, log, lane);
    return lane;
  }

  /** One after another; whoever stands first waits for what was called before it and is still under way. Never rejects. */
  async #serve(key: string, log: LogKey, lane: Lane): Promise<void> {
    // The call that opens it enters it within this turn.
    await Promise.resolve();
    for (let first = lane.first; first !== null; first = lane.first) {
      const earlier = this.#before(log, first.order);
      if (earlier === null) await lane.next();
      else await new Promise<void>((resolve) => (earlier.settled = resolve));
    }
    this.#lanes.delete(key);
  }

  #before({ kind, id }: LogKey, order: number): Direct | null {
    for (const direct of this.#direct) {
      if (direct.order > order) return null;
      if (direct.log.id === id && direct.log.kind === kind) return direct;
    }
    return null;
  }

  #leave(direct: Direct): void {
    if (this.#direct.delete(direct)) direct.settled?.();
  }

  #isOver(deadline: Deadline): boolean {
    return deadline.signal?.aborted === true || this.#calls.timing.nowMs() >= deadline.untilMs;
  }
}

/** Of a call whose deadline passed before its turn came. */
function neverSent(front: FlotillaError): FlotillaError {
  const text = `never sent, because an earlier message for the same log was still being retried: ${front.message}`;
  return new FlotillaError(front.code, text, { cause: front, retryAfterMs: front.retryAfterMs });
}

/** Leaves what an attempt failed with as the reason why the others wait. */
function noting<T>(lane: Lane, attempt: Attempt<T>): Attempt<T> {
  return async (isRetry) => {
    try {
      return await attempt(isRetry);
    } catch (thrown) {
      const met = knownError(thrown);
      if (isPassing(met)) lane.failure = met;
      throw met;
    }
  };
}

function laneOf(log: LogKey): string {
  return log.kind === 'inbox' ? `i${log.id}` : `c${log.id}`;
}
