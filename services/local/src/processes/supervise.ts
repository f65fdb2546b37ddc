import { type Child, type ChildEnd, stopChild } from './child.ts';

/** A child that is started again whenever it ends by itself. */
export interface Supervised {
  /** The one that runs now; null between two. */
  child(): Child | null;
  /** Stops it for good; kills it when that takes longer than this. */
  stop(patienceMs: number): Promise<void>;
  /** Kills it for good. */
  kill(): void;
}

/** What supervising needs. */
export interface SuperviseOptions {
  readonly start: () => Child;
  /** It ended by itself, and is started again after so long. `null`: it will not be, see `isFinal`. */
  readonly onEnd: (end: ChildEnd, retryMs: number | null) => void;
  /** Whether starting it again makes no sense: its configuration is wrong, say. */
  readonly isFinal?: (end: ChildEnd) => boolean;
  readonly nowMs: () => number;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
/** Who ran this long is started again without delay the next time. */
const STEADY_MS = 60_000;

/** How long to wait before starting something again that ended so many times in a row, milliseconds. */
export function retryDelayMs(failures: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10));
}

/** How many times in a row something has failed, by how long it ran the last time. */
export function failuresAfter(failures: number, ranMs: number): number {
  return ranMs >= STEADY_MS ? 1 : failures + 1;
}

/** Starts a child and keeps it running, with growing pauses when it ends again and again. */
export function supervise(options: SuperviseOptions): Supervised {
  let current: Child | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let failures = 0;
  const run = (): void => {
    const child = options.start();
    const startedMs = options.nowMs();
    current = child;
    void child.ended.then((end) => {
      current = null;
      if (isStopped) return;
      failures = failuresAfter(failures, options.nowMs() - startedMs);
      const retryMs = options.isFinal?.(end) === true ? null : retryDelayMs(failures);
      if (retryMs !== null) timer = setTimeout(run, retryMs);
      options.onEnd(end, retryMs);
    });
  };
  const end = (): void => {
    isStopped = true;
    clearTimeout(timer);
  };
  run();
  return {
    child: () => current,
    async stop(patienceMs) {
      end();
      if (current !== null) await stopChild(current, patienceMs);
    },
    kill() {
      end();
      current?.kill();
    },
  };
}
