/** Pause before a run that is due at once: long enough for whoever was in the way to be done. */
const AGAIN_MS = 20;

/** A loop that runs one job at a time, for ever. */
export interface Worker {
  /** Runs soon, once, however often it is asked; during a run, once more after it. */
  readonly trigger: () => void;
  /** No run begins any more; resolves when none is under way. */
  close(): Promise<void>;
}

/** How a worker paces itself; times in milliseconds. */
export interface WorkerOptions {
  /** One run; `again`: another one is due at once. May reject: that is reported and the next run waits longer. */
  readonly run: () => Promise<'done' | 'again'>;
  /** Between runs that nobody asked for. */
  readonly intervalMs: number;
  /** The longest pause after failures in a row; the first is `intervalMs`. */
  readonly maxBackoffMs: number;
  /** After this long a run counts as failed, and another may begin: nothing may hang for ever. */
  readonly deadlineMs: number;
  readonly onFailure: (error: unknown, failures: number) => void;
  /** Chance in [0, 1): spreads the pauses of several operators. */
  readonly random: () => number;
}

/** Starts with a run at once. Failures never end it; a trigger does not shorten the pause after one. */
export function startWorker(options: WorkerOptions): Worker {
  const pause = createPause();
  let isClosed = false;
  const work = async (): Promise<void> => {
    let failures = 0;
    while (!isClosed) {
      try {
        const outcome = await withDeadline(options.run(), options.deadlineMs);
        failures = 0;
        await pause.wait(outcome === 'done' ? options.intervalMs : Math.min(options.intervalMs, AGAIN_MS), true);
      } catch (error) {
        failures += 1;
        options.onFailure(error, failures);
        await pause.wait(backoffMs(failures, options), false);
      }
    }
  };
  const finished = work();
  return {
    trigger: pause.trigger,
    close() {
      isClosed = true;
      pause.end();
      return finished;
    },
  };
}

function backoffMs(failures: number, { intervalMs, maxBackoffMs, random }: WorkerOptions): number {
  const longest = Math.min(maxBackoffMs, intervalMs * 2 ** Math.min(failures - 1, 20));
  return longest * (0.5 + random() / 2);
}

interface Pause {
  wait(ms: number, mayTrigger: boolean): Promise<void>;
  readonly trigger: () => void;
  readonly end: () => void;
}

function createPause(): Pause {
  let isTriggered = false;
  let isEnded = false;
  let wake: (() => void) | null = null;
  return {
    async wait(ms, mayTrigger) {
      if (isEnded || (mayTrigger && isTriggered)) return void (isTriggered = false);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          if (!mayTrigger && !isEnded) return;
          clearTimeout(timer);
          resolve();
        };
      });
      [wake, isTriggered] = [null, false];
    },
    trigger() {
      isTriggered = true;
      wake?.();
    },
    end() {
      isEnded = true;
      wake?.();
    },
  };
}

async function withDeadline<T>(run: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([run, late]);
  } finally {
    clearTimeout(timer);
  }
}
