import type { Fleet } from '@flotilla-im/sdk';

/** Pictures that count. A shard reports every half second, so that a single picture holds one report too many or too few. */
const PICTURES = 5;
/** After so long without a picture nothing changes any more, and the last one is right. In milliseconds. */
const STILL_MS = 3_000;

/** Deliveries a second by shard, without the jumps that a single picture has: the middle one of the last few. */
export class SteadyRate {
  #pictures: Pick<Fleet, 'at' | 'shards'>[] = [];

  /** A newer picture. */
  observe(fleet: Pick<Fleet, 'at' | 'shards'>): void {
    this.#pictures = [fleet, ...this.#pictures].slice(0, PICTURES);
  }

  /**
   * Rounded; null while none is known.
   *
   * @param wallMs - milliseconds since 1970, by the clock of the pictures
   */
  of(shard: number, wallMs: number): number | null {
    const [newest] = this.#pictures;
    if (newest === undefined) return null;
    const counted = wallMs - newest.at > STILL_MS ? [newest] : this.#pictures;
    const rates = counted.flatMap(
      ({ shards }) => shards.find((each) => each.shard === shard)?.deliveredPerSecond ?? [],
    );
    const middle = rates.sort((a, b) => a - b)[Math.floor(rates.length / 2)];
    return middle === undefined ? null : Math.round(middle);
  }
}
