import { masterOf } from '@flotilla-im/store';

/** The life of a master that last gave out offsets, by partition; on a cluster each master has its own. */
export class GenerationWatch {
  readonly #current = new Map<number, string>();

  /** A message of that generation was just appended. True: the partition's master changed since the last one. */
  heard(partition: number, generation: string): boolean {
    const master = masterOf(generation);
    const known = this.#current.get(partition);
    if (known === master) return false;
    this.#current.set(partition, master);
    return known !== undefined;
  }
}
