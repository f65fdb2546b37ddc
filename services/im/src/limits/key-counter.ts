/** Counts what is held, by key, up to a limit for each. */
export interface KeyCounter {
  /** Counts one more; false, and counts nothing, when the key has as many as allowed. */
  take(key: string): boolean;
  /** One less. A key that was never taken is left alone. */
  release(key: string): void;
  /** How many the key holds. */
  held(key: string): number;
}

/** @param limit - most per key */
export function createKeyCounter(limit: number): KeyCounter {
  const counts = new Map<string, number>();
  return {
    take(key) {
      const count = counts.get(key) ?? 0;
      if (count >= limit) return false;
      counts.set(key, count + 1);
      return true;
    },
    release(key) {
      const count = counts.get(key);
      if (count === undefined) return;
      // A key that holds nothing must not stay: an attacker has as many addresses as there are.
      if (count <= 1) counts.delete(key);
      else counts.set(key, count - 1);
    },
    held: (key) => counts.get(key) ?? 0,
  };
}
