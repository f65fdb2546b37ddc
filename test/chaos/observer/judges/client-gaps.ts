import type { Client } from '../history/client.ts';
import { type Column, floatColumn } from '../history/column.ts';
import type { Phases, Span } from '../history/phases.ts';
import { type Move, movesOf } from './moves.ts';

/**
 * How long one client waited. For each message that came:
 *
 * - its wait, from when it was accepted, or the client could get anything again, until it came, over whatever connection;
 * - the silence before it: the same, but not before the arrival of another message.
 */
export class ClientGaps {
  readonly #client: Client;
  readonly #away: readonly Span[];
  readonly #dueMs = floatColumn();
  readonly #silentMs = floatColumn();
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
    const dueMs = Math.max(acceptedMs, this.freeSinceMs(tMs));
    if (dueMs === Infinity) return;
    this.#dueMs.push(Math.min(dueMs, tMs));
    this.#silentMs.push(Math.min(Math.max(dueMs, this.#arrivedMs), tMs));
    this.#toMs.push(tMs);
  }

  /** The longest silence in each phase, by the phase's place. */
  longestSilences(phases: Phases): Map<number, number> {
    return this.#longest(this.#silentMs, phases);
  }

  /** The longest wait in each phase, by the phase's place. */
  longestWaits(phases: Phases): Map<number, number> {
    return this.#longest(this.#dueMs, phases);
  }

  /** @param epochsMs - when epochs were published, ascending */
  moves(epochsMs: readonly number[]): Move[] {
    return movesOf(this.#client, (tMs) => this.freeSinceMs(tMs) < tMs, epochsMs);
  }

  /** The longest wait of which a part lies within a move, 0 where nothing was due. What an excused phase around it did is not the move's. */
  longestWaitIn({ servedMs, fromMs, toMs }: Move, phases: Phases): number {
    const isExcused = phases.has(phases.indexAt(servedMs), 'gap-of-delivery');
    let longest = 0;
    for (let i = this.#firstFrom(fromMs); i < this.#toMs.length; i += 1) {
      const [dueMs, cameMs] = [this.#dueMs.at(i), this.#toMs.at(i)];
      const isOthers = dueMs > toMs || (!isExcused && phases.isExcused('gap-of-delivery', dueMs, cameMs));
      if (!isOthers) longest = Math.max(longest, cameMs - dueMs);
    }
    return longest;
  }

  /** Each belongs to the phase that it began in, unless it is the one that it ended in which excuses it. */
  #longest(beganMs: Column<Float64Array>, phases: Phases): Map<number, number> {
    const longest = new Map<number, number>();
    for (let i = 0; i < this.#toMs.length; i += 1) {
      const [began, ended] = [phases.indexAt(beganMs.at(i)), phases.indexAt(this.#toMs.at(i))];
      const phase = phases.has(ended, 'gap-of-delivery') ? ended : began;
      longest.set(phase, Math.max(longest.get(phase) ?? 0, this.#toMs.at(i) - beganMs.at(i)));
    }
    return longest;
  }

  /** The first message that came at a time or after it. */
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
