/** Milliseconds between two looks: each costs three processes some work, which what is waited for needs as well. */
const BETWEEN_MS = 40;

/** Waits until a check of pages no longer throws, and gives its result; rejects with its last error after `timeoutMs`. */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 20_000): Promise<T> {
  const givenUpMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > givenUpMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    }
  }
}
