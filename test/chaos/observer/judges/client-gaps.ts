import type { Client } from '../history/client.ts';
import { floatColumn } from '../history/column.ts';
import type { Phases, Span } from '../history/phases.ts';

/** A gap is a move's when a part of it lies within so long before or after the new connection. */
const AROUND_MS = 1_000;

/**
 * The times in which something was due to one client and nothing came. Each ends with an arrival, and begins when that message
 * was accepted, or with the arrival before it, or when the client could get anything again, whichever was last.
 */
export class ClientGaps {
  readonly #client: Client;
  readonly #away: readonly Span[];
  readonly #fromMs = floatColumn();
  readonly #toMs = floatColumn();
  #arrivedMs = -Infinity;

  /** @param away - when the client could have got nothing, see `awayOf` */
  constructor(client: Client, away: readonly Span[]) {
    this.#client = client;
    this.#away = away;
  }

  /** Since when the client can get what is sent to it; Infinity while it cannot. */
  freeSinceMs(tMs: number): number {
    const last = this.#away.findLast(({ fromMs }) => fromMs <= tMs);
    if (last === undefined) return -Infinity;
    return tMs < last.toMs ? Infinity : last.toMs;
  }

  /** Something came. */
  arrived(tMs: number): void {
    this.#arrivedMs = Math.max(this.#arrivedMs, tMs);
  }

  /** A message came for the first time; to be said before {@link arrived}. */
  ended(acceptedMs: number, tMs: number): void {
    const fromMs = Math.max(acceptedMs, this.#arrivedMs, this.freeSinceMs(tMs));
    if (fromMs === Infinity) return;
    this.#fromMs.push(Math.min(fromMs, tMs));
    this.#toMs.push(tMs);
  }

  /**
   * The longest gap in each phase, by the phase's place. A gap belongs to the phase that it began in, unless it is the one
   * that it ended in which excuses it.
   */
  longestByPhase(phases: Phases): Map<number, number> {
    const longest = new Map<number, number>();
    for (let i = 0; i < this.#toMs.length; i += 1) {
      const [began, ended] = [phases.indexAt(this.#fromMs.at(i)), phases.indexAt(this.#toMs.at(i))];
      const phase = phases.has(ended, 'gap-of-delivery') ? ended : began;
      longest.set(phase, Math.max(longest.get(phase) ?? 0, this.#toMs.at(i) - this.#fromMs.at(i)));
    }
    return longest;
  }

  /** When the client got a new connection while it wanted to be connected and could be. */
  movesMs(): number[] {
    const moved = this.#client.servings.slice(1).filter(({ servedMs }) => this.freeSinceMs(servedMs) < servedMs);
    return moved.map(({ servedMs }) => servedMs);
  }

  /** The longest gap around a move, 0 where nothing was due. What an excused phase around it did is not the move's. */
  longestAround(moveMs: number, phases: Phases): number {
    const phase = phases.indexAt(moveMs);
    let longest = 0;
    for (let i = this.#firstFrom(moveMs - AROUND_MS); i < this.#toMs.length; i += 1) {
      const [fromMs, toMs] = [this.#fromMs.at(i), this.#toMs.at(i)];
      if (fromMs > moveMs + AROUND_MS) break;
      const isOthers = !phases.has(phase, 'gap-of-delivery') && phases.isExcused('gap-of-delivery', fromMs, toMs);
      if (!isOthers) longest = Math.max(longest, toMs - fromMs);
    }
    return longest;
  }

  /** The first gap that ends at a time or after it. */
  #firstFrom(tMs: number): number {
    let [low, high] = [0, this.#toMs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#toMs.at(middle) < tMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
