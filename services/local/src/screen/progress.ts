/** Prints lines about what takes long. */
export interface Progress {
  /** Waits for the work; when that takes longer than a second, says what is going on, and every ten seconds that it still is. */
  during<T>(what: string, work: Promise<T>): Promise<T>;
}

const FIRST_MS = 1_000;
const AGAIN_MS = 10_000;

/** Progress on lines of text. */
export function createProgress(print: (line: string) => void, nowMs: () => number): Progress {
  return {
    async during(what, work) {
      const begunMs = nowMs();
      const seconds = (): string => `${Math.round((nowMs() - begunMs) / 1_000)} s`;
      let again: NodeJS.Timeout | undefined;
      const first = setTimeout(() => {
        print(`${what} …`);
        again = setInterval(() => print(`${what}, still at it after ${seconds()} …`), AGAIN_MS);
      }, FIRST_MS);
      try {
        return await work;
      } finally {
        clearTimeout(first);
        clearInterval(again);
      }
    },
  };
}
