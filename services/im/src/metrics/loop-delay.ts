import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Watches how late the event loop is. */
export interface LoopDelay {
  /** Tells quantiles since the last report, in seconds, and starts anew. */
  report(tell: (quantile: '0.5' | '0.99' | '1', seconds: number) => void): void;
  close(): void;
}

const RESOLUTION_MS = 20;

/** Samples every 20 ms; what it tells is the delay beyond that. */
export function createLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1e3);
  return {
    report(tell) {
      // Nothing was sampled yet: then the histogram's minimum and maximum are no numbers.
      const isEmpty = histogram.count === 0;
      tell('0.5', isEmpty ? 0 : seconds(histogram.percentile(50)));
      tell('0.99', isEmpty ? 0 : seconds(histogram.percentile(99)));
      tell('1', isEmpty ? 0 : seconds(histogram.max));
      histogram.reset();
    },
    close: () => void histogram.disable(),
  };
}
