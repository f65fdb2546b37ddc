import type { Tails } from '@flotilla-im/store';
import type { LifeWatch } from './life-watch.ts';
import type { TailWatch } from './tail-watch.ts';

/** How often the tails are compared, and how long a notify may be late. Together under a second. */
const POLL_MS = 500;
const LATE_MS = 250;

/** What a poll of the tails needs. */
export interface TailPollDeps {
  readonly watch: TailWatch;
  readonly lives: LifeWatch;
  /** The store's numbers and lives; rejects while it is away. */
  readonly readTails: () => Promise<Tails>;
  /** Compares the store's masters with those known, and resolves to the partitions that have another one; rejects while it is away. */
  readonly checkMasters: () => Promise<ReadonlySet<number>>;
  /** Reads again what is served of these partitions. Owns its failures. */
  readonly reread: (partitions: readonly number[]) => void;
  /** The store has lost all it had of these partitions. Owns its failures. */
  readonly lost: (partitions: ReadonlySet<number>) => void;
  readonly setTimer: (run: () => void, ms: number) => NodeJS.Timeout;
}

/**
 * Compares the tails twice a second, so that a lost notify is found although no other follows it, and the masters and the lives of
 * partitions with them.
 */
export class TailPoll {
  readonly #deps: TailPollDeps;
  readonly #timers = new Set<NodeJS.Timeout>();
  #isClosed = false;
  #isPolling = false;

  constructor(deps: TailPollDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#later(POLL_MS, () => {
      void this.#poll();
      this.start();
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Takes the store's numbers as they are; what is served is read again by the caller. Rejects while the store is away. */
  async settleAll(): Promise<void> {
    const [{ numbers, lives }] = await Promise.all([this.#deps.readTails(), this.#deps.checkMasters()]);
    this.#deps.lives.compare(lives);
    numbers.forEach((tail, partition) => this.#deps.watch.settle(partition, tail));
  }

  /** Never rejects: while the store is away there is nothing to compare with. */
  async #poll(): Promise<void> {
    if (this.#isPolling) return;
    this.#isPolling = true;
    try {
      const before = this.#deps.watch.snapshot();
      const [{ numbers: tails, lives }, changed] = await Promise.all([
        this.#deps.readTails(),
        this.#deps.checkMasters(),
      ]);
      const lost = this.#deps.lives.compare(lives);
      if (lost.size > 0) this.#deps.lost(lost);
      const { behind, fallen } = this.#deps.watch.compare(tails, before);
      // The numbers of another master may have caught up with those of the last one already.
      const restarted = new Set([...fallen, ...changed]);
      for (const partition of restarted) this.#deps.watch.restart(partition, tails[partition] ?? 0);
      this.#reread([...restarted], tails);
      this.#watchLate(
        behind.filter((partition) => !restarted.has(partition)),
        tails,
      );
    } catch {
      // The next poll tells.
    } finally {
      this.#isPolling = false;
    }
  }

  /**
   * Gives what is missing some time. A partition that gets on meanwhile is only late, since a number that is lost holds up
   * all behind it.
   */
  #watchLate(behind: readonly number[], tails: readonly number[]): void {
    if (behind.length === 0) return;
    const { watch } = this.#deps;
    const before = behind.map((partition) => watch.reached(partition));
    this.#later(LATE_MS, () => {
      const still = behind.filter((partition) => watch.reached(partition) < (tails[partition] ?? 0));
      const stuck = still.filter((partition) => watch.reached(partition) === before[behind.indexOf(partition)]);
      this.#reread(stuck, tails);
      const late = still.filter((partition) => !stuck.includes(partition));
      this.#watchLate(late, tails);
    });
  }

  #reread(partitions: readonly number[], tails: readonly number[]): void {
    if (partitions.length === 0) return;
    for (const partition of partitions) this.#deps.watch.settle(partition, tails[partition] ?? 0);
    this.#deps.reread(partitions);
  }

  #later(ms: number, run: () => void): void {
    if (this.#isClosed) return;
    const timer = this.#deps.setTimer(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }
}
