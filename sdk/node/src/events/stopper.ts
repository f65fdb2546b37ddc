/** One signal out of several, for as long as it is needed. */
export interface Stopper {
  readonly signal: AbortSignal;
  stop(): void;
  /** Lets go of the signals it came from. */
  dispose(): void;
}

/** Aborts when one of `signals` does. Unlike `AbortSignal.any` it leaves nothing behind at long-lived signals. */
export function createStopper(...signals: readonly (AbortSignal | undefined)[]): Stopper {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  for (const signal of signals) {
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  }
  return {
    signal: controller.signal,
    stop,
    dispose: () => {
      for (const signal of signals) signal?.removeEventListener('abort', stop);
    },
  };
}
