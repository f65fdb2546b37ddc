import { Problem } from './problem.ts';
import type { Stoppable } from './cluster/cluster-parts.ts';

/** What has been started, to be stopped again: the last thing first. */
export interface Closers {
  /** Something that is added after stopping has begun is stopped at once. */
  add(what: Stoppable): void;
  /** Stops everything, one after the other. A part that fails to stop does not keep the others from it. */
  stop(): Promise<void>;
  /** Everything at once, without a goodbye. */
  kill(): void;
  /** @throws {Problem} once stopping has begun: nothing more is to be started */
  check(): void;
}

/** @param patienceMs - how long each part may take to end in order before it is ended hard */
export function createClosers(patienceMs: number): Closers {
  const parts: Stoppable[] = [];
  let stopping: Promise<void> | null = null;
  const stopAll = async (): Promise<void> => {
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const next = part;
      current = next;
      await next.stop(patienceMs).catch(() => next.kill());
    }
    current = null;
  };
  let current: Stoppable | null = null;
  return {
    check() {
      if (stopping !== null) throw new Problem('It was stopped while it started.');
    },
    add(what) {
      if (stopping === null) parts.push(what);
      else stopping = stopping.then(() => what.stop(patienceMs)).catch(() => what.kill());
    },
    stop: () => (stopping ??= stopAll()),
    kill() {
      for (const part of [current, ...parts.reverse()]) part?.kill();
    },
  };
}
