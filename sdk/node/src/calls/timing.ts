/** Time and chance, as arguments of everything that waits or retries. */
export interface Timing {
  /** Monotonic milliseconds. */
  nowMs(): number;
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** 0 ≤ x < 1. */
  random(): number;
  /** Resolves after that many milliseconds, or at once when the signal aborts; look at the signal afterwards. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own time and chance. */
export const SYSTEM_TIMING: Timing = Object.freeze<Timing>({
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  random: () => Math.random(),
  wait,
});

/** Makes no exception when it ends early, as `node:timers/promises` does: that costs more than all the rest of a wake. */
function wait(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}
