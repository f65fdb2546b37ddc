import { setTimeout as wait } from 'node:timers/promises';
import { FlotillaError, isFlotillaError } from '@flotilla-im/protocol';
import type { Logger } from 'pino';

const RETRY_MS = 1_000;

/**
 * Repeats a step of the start until Redis can be reached. A pod without Redis is alive and not ready; restarting it would
 * not help.
 *
 * @throws whatever is not `store_unavailable`, at once; when the signal is aborted: its reason, or `aborted`
 */
export async function untilStoreAnswers<T>(step: () => Promise<T>, logger: Logger, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await untilAborted(step(), signal);
    } catch (error) {
      if (!isFlotillaError(error) || error.code !== 'store_unavailable') throw error;
      logger.warn({ code: error.code, reason: error.message, retryAfterMs: RETRY_MS }, 'store unavailable at start');
      await wait(RETRY_MS, undefined, signal === undefined ? {} : { signal });
    }
  }
}

/** What the step still opens after that is its own to close. */
async function untilAborted<T>(step: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return await step;
  let abandon: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abandon = () => reject(new FlotillaError('aborted', 'the start was aborted'));
    signal.addEventListener('abort', abandon, { once: true });
  });
  try {
    return await Promise.race([step, aborted]);
  } finally {
    signal.removeEventListener('abort', abandon);
  }
}
