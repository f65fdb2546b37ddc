import { setTimeout as wait } from 'node:timers/promises';
import { isFlotillaError } from '@flotilla-im/protocol';
import type { Logger } from 'pino';

const RETRY_MS = 1_000;

/**
 * Repeats a step of the start until Redis can be reached. A pod without Redis is alive and not ready; restarting it would
 * not help.
 *
 * @throws whatever is not `store_unavailable`, at once; the signal's reason when it is aborted
 */
export async function untilStoreAnswers<T>(step: () => Promise<T>, logger: Logger, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await step();
    } catch (error) {
      if (!isFlotillaError(error) || error.code !== 'store_unavailable') throw error;
      logger.warn({ code: error.code, reason: error.message, retryAfterMs: RETRY_MS }, 'store unavailable at start');
      await wait(RETRY_MS, undefined, signal === undefined ? {} : { signal });
    }
  }
}
