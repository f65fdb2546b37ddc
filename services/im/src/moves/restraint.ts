/** The part of the full speed at which moves begin. */
const FIRST = 1 / 128;
/** The part below which they never fall once they have gone on for long: moving may be what helps. */
const LEAST = 1 / 32;
/** After so many ticks, seven and a half seconds, the least is twice what it was: from the first part to the last in 15. */
const TICKS_TO_DOUBLE = 150;
/** So many clients a second may always leave, whatever else there is to do; they cost a tenth of a core. */
const ALWAYS = 16;
/** Their number begins at none, and each tick adds so much: one a second with each second. */
const ALWAYS_STEP = 1 / 20;
/**
 * What each tick in time adds, at most, and at most of what there is: twice the speed after a second, full speed after eleven,
 * so that what is too fast shows before much of it is done.
 */
const STEP = 1 / 160;
const GROWTH = 1 / 28;
/** A machine that leaves less of its processors idle has no time to spare either, for whomever; and what a tick then leaves of the speed. */
const SPARE = 0.1;
const LEFT_WHILE_FULL = 0.9;
/** A tick this late says that the pod, or its machine, has no time to spare, milliseconds. */
const LATE_MS = 4;
/** What a tick that is late by so much leaves of the speed; one that is later counts for as many. */
const LEFT = 0.7;

/**
 * How much of their full speed moves may take: nobody waits for a move, but everybody waits for a core. They begin slowly, as
 * the shard that takes them may have run nothing of its code before, go faster while the pod has time, and give way at once
 * when it has none (additive increase, multiplicative decrease: D. Chiu and R. Jain, 1989). How far they give way lessens with
 * the time that they have lasted: a few thousand clients never take what a busy machine has not, and those of a shard that has
 * too many, or very few, come to an end all the same.
 */
export class Restraint {
  #share = FIRST;
  #ticks = 0;

  /** Part of the full speed, up to 1, that there is time for. */
  get share(): number {
    return this.#share;
  }

  /**
   * Clients that may go to one shard in a second.
   *
   * @param most - the full speed
   * @param shards - how many are gone to at once
   */
  rateOf(most: number, shards: number): number {
    const always = Math.min(ALWAYS, this.#ticks * ALWAYS_STEP) / shards;
    return Math.min(most, Math.max(most * this.#share, always));
  }

  /** Moves begin. */
  begin(): void {
    this.#share = FIRST;
    this.#ticks = 0;
  }

  /** A tick came, so many milliseconds after its time. @param idle - part of the machine's processors; null: not known */
  tick(lateMs: number, idle: number | null): void {
    this.#ticks += 1;
    const least = Math.min(LEAST, FIRST * 2 ** (this.#ticks / TICKS_TO_DOUBLE));
    this.#share = Math.max(least, this.#next(lateMs, idle));
  }

  #next(lateMs: number, idle: number | null): number {
    if (lateMs > LATE_MS) return this.#share * LEFT ** (lateMs / LATE_MS);
    if (idle !== null && idle < SPARE) return this.#share * LEFT_WHILE_FULL;
    return Math.min(1, this.#share + Math.min(STEP, this.#share * GROWTH));
  }
}
