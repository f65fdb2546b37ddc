import { masterOf } from '@flotilla-im/store';

/** The life of a master that last gave out offsets, by partition; on a cluster each master has its own. */
export class GenerationWatch {
  readonly #current = new Map<number, string>();

  /** A message of that generation was just appended. True: the partition's master changed since the last one. */
  heard(partition: number, generation: string): boolean {
    return this.#meets(partition, masterOf(generation));
  }

  /**
   * The masters of all partitions as the store knows them now ('' unknown), where no message tells.
   *
   * @returns the partitions whose master changed
   */
  compare(masters: readonly string[]): ReadonlySet<number> {
    const changed = new Set<number>();
    masters.forEach((master, partition) => {
      if (master !== '' && this.#meets(partition, master)) changed.add(partition);
    });
    return changed;
  }

  #meets(partition: number, master: string): boolean {
    const known = this.#current.get(partition);
    if (known === master) return false;
    this.#current.set(partition, master);
    return known !== undefined;
  }
}
