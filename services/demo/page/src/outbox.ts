import type { AcceptedMessage, Draft } from '../../src/words.ts';
import { ApiError } from './api.ts';

/** First and longest pause between attempts, in milliseconds. */
const PAUSE_MS = { first: 250, longest: 4_000 };
/** The service knows a key for 10 minutes; a repetition after that could be a second message. */
const GIVE_UP_MS = 5 * 60_000;

/** What sending needs. */
export interface OutboxDeps {
  readonly send: (draft: Draft) => Promise<AcceptedMessage>;
  readonly wait: (ms: number) => Promise<void>;
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
}

/**
 * Sends one message of a conversation after the other, so that words stay in the order they were written, and each until
 * the service has it: the key makes repeating harmless.
 */
export class Outbox {
  readonly #deps: OutboxDeps;
  /** The last message of each conversation on its way. */
  readonly #lanes = new Map<string, Promise<unknown>>();

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  /** Rejects with `ApiError` when the service refuses it, or cannot be reached for 5 minutes. */
  send(draft: Draft): Promise<AcceptedMessage> {
    const lane = draft.channel === undefined ? `@${draft.to ?? ''}` : `#${draft.channel}`;
    const before = this.#lanes.get(lane) ?? Promise.resolve();
    const accepted = before.then(
      () => this.#deliver(draft),
      () => this.#deliver(draft),
    );
    this.#lanes.set(lane, accepted);
    return accepted;
  }

  async #deliver(draft: Draft): Promise<AcceptedMessage> {
    const { send, wait, nowMs } = this.#deps;
    const untilMs = nowMs() + GIVE_UP_MS;
    for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS.longest)) {
      try {
        return await send(draft);
      } catch (error) {
        if (!(error instanceof ApiError) || error.retryAfterMs === null || nowMs() > untilMs) throw error;
        await wait(Math.max(pauseMs, error.retryAfterMs));
      }
    }
  }
}
