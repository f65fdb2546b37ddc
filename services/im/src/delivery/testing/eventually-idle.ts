/** Resolves when everything that needs no I/O has come to its end. */
export function eventuallyIdle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
