import { Chance } from './chance.ts';
import type { Due, Loop } from './loop.ts';

/**
 * What in reality is a process of its own: its timers, and what arrives for it, wait while it is stopped (SIGSTOP) and are
 * lost once it is killed (kill -9).
 */
export class SimulatedProcess {
  readonly name: string;
  readonly chance: Chance;
  state: 'running' | 'stopped' | 'dead' = 'running';
  /** How far its wall clock is off. */
  wallOffsetMs = 0;
  readonly #loop: Loop;
  #stops = 0;
  #waiting: Due[] = [];
  readonly #onEnd = new Set<() => void>();
  #ids = 0;

  constructor(loop: Loop, name: string, seed: number) {
    this.#loop = loop;
    this.name = name;
    this.chance = new Chance(seed, name);
  }

  get isDead(): boolean {
    return this.state === 'dead';
  }

  /** A text that nobody else has. */
  newId(): string {
    this.#ids += 1;
    return `${this.name}-${this.#ids}`;
  }

  /** Whether something that is due must wait, or never happens. */
  holds(due: Due): boolean {
    if (this.state === 'running') return false;
    if (this.state === 'stopped') this.#waiting.push(due);
    return true;
  }

  /** What the kernel does when the process is gone: its connections break. Returns the end of that. */
  onEnd(run: () => void): () => void {
    this.#onEnd.add(run);
    return () => void this.#onEnd.delete(run);
  }

  /** As often as it is stopped it must be resumed. */
  stop(): void {
    this.#stops += 1;
    if (this.state === 'running') this.state = 'stopped';
  }

  /** What waited happens now, in its order. */
  resume(): void {
    this.#stops -= 1;
    if (this.state !== 'stopped' || this.#stops > 0) return;
    this.state = 'running';
    const waiting = this.#waiting.filter(({ isDone }) => !isDone);
    this.#waiting = [];
    for (const due of waiting) {
      this.#loop.at(this.#loop.nowMs, this, () => {
        if (due.isDone) return;
        due.isDone = true;
        due.run();
      });
    }
  }

  kill(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    this.#waiting = [];
    for (const run of [...this.#onEnd]) run();
  }
}
