import { setTimeout as wait } from 'node:timers/promises';

const STEP_MS = 500;

/**
 * Waits until a check gives something else than null.
 *
 * @param what - for the error: what is waited for
 * @throws Error naming that and the check's last error, after `timeoutMs`
 */
export async function until<T>(what: string, timeoutMs: number, check: () => Promise<T | null> | T | null): Promise<T> {
  const givenUpMs = performance.now() + timeoutMs;
  let last = '';
  for (;;) {
    try {
      const found = await check();
      if (found !== null) return found;
      last = '';
    } catch (error) {
      last = error instanceof Error ? `: ${error.message}` : '';
    }
    if (performance.now() > givenUpMs) throw new Error(`${what} did not happen within ${timeoutMs / 1_000} s${last}`);
    await wait(STEP_MS);
  }
}
