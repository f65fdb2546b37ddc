/**
 * For a claim that is true only for so long, as that a grace is not over yet: makes attempts until one really took no longer.
 * What a longer one found counts for nothing, good or bad: the machine may have slept through the time.
 *
 * @param limitMs - how long the claim is true, from the attempt's begin on
 * @param attempt - begins anew each time
 * @param prepare - goes before each attempt, and takes as long as it takes
 */
export async function inTime<T>(
  limitMs: number,
  attempt: () => Promise<T>,
  prepare: () => Promise<unknown> = () => Promise.resolve(),
): Promise<T> {
  for (;;) {
    await prepare();
    const startedMs = performance.now();
    const isLate = (): boolean => performance.now() - startedMs >= limitMs;
    try {
      const found = await attempt();
      if (!isLate()) return found;
    } catch (error) {
      if (!isLate()) throw error;
    }
  }
}
