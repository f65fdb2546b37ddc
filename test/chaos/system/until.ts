import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 50;

/**
 * Waits until a check is true. A check that rejects is not.
 *
 * @param what - for the error, as a sentence: what is not so
 * @throws Error with that sentence after `timeoutMs`
 */
export async function until(check: () => Promise<boolean>, timeoutMs: number, what: string): Promise<void> {
  const givenUpMs = performance.now() + timeoutMs;
  while (!(await check().catch(() => false))) {
    if (performance.now() > givenUpMs) throw new Error(what);
    await sleep(STEP_MS);
  }
}
