import type { AcceptedFile } from '../../../src/words.ts';
import { UploadProblem } from './upload-problem.ts';

/** First and longest pause between attempts, in milliseconds. */
const PAUSE_MS = { first: 500, longest: 8_000 };
/** The service knows a message's key for 10 minutes; a repetition after that could be a second one. */
const GIVE_UP_MS = 5 * 60_000;

/** What sending needs. */
export interface SendFileDeps {
  /** Sends it once, all of it. */
  readonly post: () => Promise<AcceptedFile>;
  /** An attempt failed, and another one follows. */
  readonly again: () => void;
  readonly wait: (ms: number) => Promise<void>;
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
}

/**
 * Sends a file until the service has it: after a failure that may pass once more from its beginning, with the same key.
 *
 * @throws {UploadProblem} when it is refused, or the service cannot be reached for 5 minutes; the signal's reason
 */
export async function sendFile(deps: SendFileDeps, signal: AbortSignal): Promise<AcceptedFile> {
  const { post, again, wait, nowMs } = deps;
  let untilMs = nowMs() + GIVE_UP_MS;
  for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS.longest)) {
    const begunMs = nowMs();
    try {
      return await post();
    } catch (error) {
      if (!(error instanceof UploadProblem) || error.retryAfterMs === null) throw error;
      // A long attempt is no time in which the service could not be reached.
      untilMs += nowMs() - begunMs;
      if (nowMs() > untilMs) throw error;
      again();
      await wait(Math.max(pauseMs, error.retryAfterMs));
      signal.throwIfAborted();
    }
  }
}
