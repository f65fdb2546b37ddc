/** Most tail numbers remembered ahead of a missing one, a partition; beyond it the partition is simply read again. */
const MOST_AHEAD = 4_096;

/**
 * Which notifies of a shard have come, by partition. Whoever notifies the shard counts its tail up in the partition and
 * sends the number along, so a number that is missing is a notify that was lost, even the last one. Numbers are compared,
 * never counts of arrivals: notifies come late, twice and out of order.
 */
export class TailWatch {
  /** All numbers up to this one have come. */
  readonly #reached: Float64Array;
  /** Numbers that came ahead of a missing one. */
  readonly #ahead = new Map<number, Set<number>>();

  constructor(partitions: number) {
    this.#reached = new Float64Array(partitions);
  }

  /** A notify with this number came. */
  heard(partition: number, tail: number): void {
    const reached = this.reached(partition);
    if (tail === reached + 1 && !this.#ahead.has(partition)) {
      this.#reached[partition] = tail;
    } else if (tail > reached) {
      this.#hearAhead(partition, tail);
    }
  }

  #hearAhead(partition: number, tail: number): void {
    const ahead = this.#ahead.get(partition) ?? new Set<number>();
    if (ahead.size < MOST_AHEAD) ahead.add(tail);
    let reached = this.reached(partition);
    while (ahead.delete(reached + 1)) reached += 1;
    this.#reached[partition] = reached;
    if (ahead.size === 0) this.#ahead.delete(partition);
    else this.#ahead.set(partition, ahead);
  }

  /** What was reached by now in each partition; to be taken before the store's numbers are asked for. */
  snapshot(): Float64Array {
    return this.#reached.slice();
  }

  /**
   * Compares with the store's numbers. Notifies younger than those may have come before them.
   *
   * @param before - what was reached when they were asked for
   * @returns `behind`: partitions of which something has not come (yet); `fallen`: those whose number is lower than what was
   * heard before it was asked for, so the store lost its end
   */
  compare(tails: readonly number[], before: Float64Array = this.#reached): { behind: number[]; fallen: number[] } {
    const behind: number[] = [];
    const fallen: number[] = [];
    tails.forEach((tail, partition) => {
      if (tail > this.reached(partition)) behind.push(partition);
      else if (tail < (before[partition] ?? 0)) fallen.push(partition);
    });
    return { behind, fallen };
  }

  /** The number up to which all have come. */
  reached(partition: number): number {
    return this.#reached[partition] ?? 0;
  }

  /**
   * Another master counts, who may not know how far the last one had come: what was heard of that one says nothing of his numbers.
   * The partition is being read again as it stands at `tail`, or later.
   */
  restart(partition: number, tail: number): void {
    this.#reached[partition] = tail;
    this.#ahead.delete(partition);
  }

  /** The partition is being read again as it stands at `tail`: what was notified up to there need not come any more. */
  settle(partition: number, tail: number): void {
    this.#reached[partition] = tail;
    const ahead = this.#ahead.get(partition);
    if (ahead === undefined) return;
    this.#ahead.delete(partition);
    for (const number of ahead) if (number > tail) this.heard(partition, number);
  }
}
