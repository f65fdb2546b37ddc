import type { Chance } from '../platform/chance.ts';
import type { Due, Loop } from '../platform/loop.ts';
import type { SimulatedProcess } from '../platform/process.ts';

/** One direction of a connection: what is put in comes out in the same order, later. */
export class Way {
  readonly #loop: Loop;
  readonly #chance: Chance;
  readonly #to: SimulatedProcess;
  readonly #underWay = new Set<Due>();
  /** Nothing arrives before this. */
  #fromMs = 0;
  #isCut = false;

  /** @param to - whose turn an arrival is */
  constructor(loop: Loop, chance: Chance, to: SimulatedProcess) {
    this.#loop = loop;
    this.#chance = chance;
    this.#to = to;
  }

  carry(arrive: () => void): void {
    if (this.#isCut) return;
    this.#fromMs = Math.max(this.#fromMs, this.#loop.nowMs + this.#delayMs());
    const due = this.#loop.at(this.#fromMs, this.#to, () => {
      this.#underWay.delete(due);
      arrive();
    });
    this.#underWay.add(due);
  }

  /** What is on its way is lost, and what is put in from now on. */
  cut(): void {
    this.#isCut = true;
    for (const due of this.#underWay) due.isDone = true;
    this.#underWay.clear();
  }

  /** What is put in from now on arrives after that time. */
  hold(untilMs: number): void {
    this.#fromMs = Math.max(this.#fromMs, untilMs);
  }

  /** Mostly well below a millisecond, now and then much more: that is where orders change. */
  #delayMs(): number {
    const kind = this.#chance.next();
    if (kind < 0.9) return this.#chance.between(0.05, 0.8);
    return kind < 0.99 ? this.#chance.between(0.8, 8) : this.#chance.between(8, 60);
  }
}
