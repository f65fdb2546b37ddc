import { FlotillaError } from '@flotilla-im/protocol';

/** What one look at a master found. */
export interface Confirmation {
  /** The beginning of its replication id. */
  readonly master: string;
  /** Whether everything it had taken before is where it must be. */
  readonly isMet: boolean;
}

/**
 * Asks a master, and waits up to `waitMs` for what is missing.
 *
 * @param partition - one that the master holds
 */
export type AskMaster = (partition: number, waitMs: number) => Promise<Confirmation>;

/** An append that waits to be confirmed. */
interface Waiting {
  readonly partition: number;
  /** The life of the master that took it. */
  readonly master: string;
  readonly dueMs: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** At most that long at a time: a connection that waits hears nothing else, and who comes meanwhile waits for its turn. */
const MOST_WAIT_MS = 500;

/**
 * Confirms the appends of one master, all that wait at a time by one question. Whoever asks while one is under way is in the
 * next one: its append may be younger than what is being confirmed.
 */
export class ConfirmLane {
  readonly #ask: AskMaster;
  readonly #mostWaitMs: number;
  #waiting: Waiting[] = [];
  #isRunning = false;

  /** @param commandTimeoutMs - a connection that is silent for that long is given up; two waits may follow each other */
  constructor(ask: AskMaster, commandTimeoutMs: number) {
    this.#ask = ask;
    this.#mostWaitMs = Math.min(MOST_WAIT_MS, commandTimeoutMs / 4);
  }

  /**
   * @throws {FlotillaError} unconfirmed when it is not so within `timeoutMs`; store_unavailable when the master is another one
   * now, which may lack the append
   */
  confirm(partition: number, master: string, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ partition, master, dueMs: performance.now() + timeoutMs, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  /** Never rejects: those that wait own the failures. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    // The appends of a batch are answered in one turn: one question for all of them.
    await Promise.resolve();
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      const asking = this.#waiting;
      this.#waiting = [];
      const leftMs = Math.min(...asking.map(({ dueMs }) => dueMs)) - performance.now();
      // Not 0: Redis would wait for ever.
      const waitMs = Math.max(1, Math.ceil(Math.min(this.#mostWaitMs, leftMs)));
      try {
        this.#settle(asking, await this.#ask(first.partition, waitMs));
      } catch (error) {
        for (const { reject } of asking) reject(error);
      }
    }
    this.#isRunning = false;
  }

  #settle(asking: readonly Waiting[], { master, isMet }: Confirmation): void {
    const nowMs = performance.now();
    for (const one of asking) {
      if (one.master !== master) one.reject(otherMaster());
      else if (isMet) one.resolve();
      else if (nowMs >= one.dueMs) one.reject(unconfirmed());
      else this.#waiting.push(one);
    }
  }
}

function otherMaster(): FlotillaError {
  return new FlotillaError('store_unavailable', 'Redis has another master, which may lack the message');
}

function unconfirmed(): FlotillaError {
  return new FlotillaError('unconfirmed', 'the message is in the log, but was not confirmed as was asked for in time');
}
