import type { SimulatedProcess } from './process.ts';

/** Something that is due at a time; once it has run or was cancelled it is done. */
export interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly process: SimulatedProcess;
  readonly run: () => void;
  isDone: boolean;
}

/**
 * The one clock and the one queue of a simulated world. Nothing happens between two steps: a step runs what is due next,
 * and then whatever that made ready (promises, next ticks), until nothing is ready any more.
 */
export class Loop {
  /** Monotonic milliseconds. */
  nowMs = 0;
  steps = 0;
  /** Whose code runs; null between steps. */
  current: SimulatedProcess | null = null;
  readonly #heap: Due[] = [];
  readonly #drain: () => void;
  #order = 0;

  /** @param drain - runs all promise jobs and next ticks that are ready, and those they make ready */
  constructor(drain: () => void) {
    this.#drain = drain;
  }

  /** Something is to run in a process, not before a time. */
  at(atMs: number, process: SimulatedProcess, run: () => void): Due {
    const due = { atMs: Math.max(atMs, this.nowMs), order: this.#order, process, run, isDone: false };
    this.#order += 1;
    this.#push(due);
    return due;
  }

  after(ms: number, process: SimulatedProcess, run: () => void): Due {
    return this.at(this.nowMs + ms, process, run);
  }

  /** Runs what is due next, if that is before a time. False: nothing is. */
  step(beforeMs: number): boolean {
    const next = this.#heap[0];
    if (next === undefined || next.atMs >= beforeMs) {
      this.nowMs = Math.max(this.nowMs, beforeMs);
      return false;
    }
    this.#pop();
    this.nowMs = next.atMs;
    if (next.isDone) return true;
    if (next.process.holds(next)) return true;
    next.isDone = true;
    this.steps += 1;
    this.within(next.process, next.run);
    return true;
  }

  /** Runs something as a process does, to its quiet end. */
  within(process: SimulatedProcess, run: () => void): void {
    this.current = process;
    try {
      run();
      this.#drain();
    } finally {
      this.current = null;
    }
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let at = heap.push(due) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, due)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (left === undefined) break;
      let below = left;
      if (right !== undefined && isBefore(right, left)) [child, below] = [child + 1, right];
      if (isBefore(last, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
