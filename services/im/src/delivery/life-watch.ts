/** The lives of partitions as the store last told them. A partition in another life has lost everything it held. */
export class LifeWatch {
  readonly #known: string[] = [];

  /** What the store said last; null before the first time. */
  of(partition: number): string | null {
    return this.#known[partition] ?? null;
  }

  /**
   * Takes over what the store says now.
   *
   * @param lives - by partition
   * @returns the partitions whose life ended
   */
  compare(lives: readonly string[]): ReadonlySet<number> {
    const ended = new Set<number>();
    lives.forEach((life, partition) => {
      const known = this.#known[partition];
      if (known !== undefined && life !== known) ended.add(partition);
      this.#known[partition] = life;
    });
    return ended;
  }
}
