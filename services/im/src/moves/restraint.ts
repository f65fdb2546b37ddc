/** The part of the full speed at which moves begin. */
const FIRST = 1 / 32;
/** The part below which they never fall once they have gone on for long: moving may be what helps. */
const LEAST = 1 / 4;
/** After so many ticks, ten seconds, the least is twice what it was: from the first part to the last in half a minute. */
const TICKS_TO_DOUBLE = 200;
/** What each tick in time adds: full speed after eight seconds, so that what is too fast shows before much of it is done. */
const STEP = 1 / 160;
/** A tick this late says that the pod, or its machine, has no time to spare, milliseconds. */
const LATE_MS = 4;
/** What a tick that is late by so much leaves of the speed; one that is later counts for as many. */
const LEFT = 0.7;

/**
 * How much of their full speed moves may take: nobody waits for a move, but everybody waits for a core. They begin slowly, as
 * the shard that takes them may have run nothing of its code before, go faster while the pod has time, and give way at once
 * when it has none (additive increase, multiplicative decrease: D. Chiu and R. Jain, 1989). How far they give way lessens with
 * the time that they have lasted: a few thousand clients never take what a busy machine has not, and those of a shard that has
 * too many come to an end all the same.
 */
export class Restraint {
  #share = FIRST;
  #ticks = 0;

  /** Part of the full speed, from a thirty-second to 1. */
  get share(): number {
    return this.#share;
  }

  /** Moves begin. */
  begin(): void {
    this.#share = FIRST;
    this.#ticks = 0;
  }

  /** A tick came, so many milliseconds after its time. */
  tick(lateMs: number): void {
    this.#ticks += 1;
    const least = Math.min(LEAST, FIRST * 2 ** (this.#ticks / TICKS_TO_DOUBLE));
    this.#share =
      lateMs > LATE_MS ? Math.max(least, this.#share * LEFT ** (lateMs / LATE_MS)) : Math.min(1, this.#share + STEP);
  }
}
