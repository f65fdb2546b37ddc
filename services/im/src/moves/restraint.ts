/** The part of the full speed at which moves begin, and below which they never fall: moving may be what helps. */
const LEAST = 1 / 8;
/** What each tick in time adds: full speed after seven seconds, so that what is too fast shows before much of it is done. */
const STEP = 1 / 160;
/** A tick this late says that the pod, or its machine, has no time to spare, milliseconds. */
const LATE_MS = 4;
/** What a late tick leaves of the speed. */
const LEFT = 0.7;

/**
 * How much of their full speed moves may take: nobody waits for a move, but everybody waits for a core. They begin slowly, as
 * the shard that takes them may have run nothing of its code before, go faster while the pod has time, and give way at once
 * when it has none (additive increase, multiplicative decrease: D. Chiu and R. Jain, 1989).
 */
export class Restraint {
  #share = LEAST;

  /** Part of the full speed, from an eighth to 1. */
  get share(): number {
    return this.#share;
  }

  /** Moves begin. */
  begin(): void {
    this.#share = LEAST;
  }

  /** A tick came, so many milliseconds after its time. */
  tick(lateMs: number): void {
    this.#share = lateMs > LATE_MS ? Math.max(LEAST, this.#share * LEFT) : Math.min(1, this.#share + STEP);
  }
}
