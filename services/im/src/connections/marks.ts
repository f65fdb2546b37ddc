import { type Position, samePosition } from '@flotilla-im/protocol';
import type { Follower } from '../delivery/follower.ts';

/** Where a connection stood in a log when a mark was set. */
export interface MarkedPlace {
  readonly follower: Follower;
  readonly position: Position;
}

interface Mark {
  readonly delivered: number;
  /** Only what moved since the mark before. */
  readonly places: readonly MarkedPlace[];
}

/** A peer that confirms none of so many gets no more of them; the next one then stands for all that was written since. */
const MOST_UNDER_WAY = 256;

/**
 * What a connection's marks stand for. Several may be under way, so that a slow reader's cursor follows what it has read
 * rather than what waits for it.
 */
export class Marks {
  #underWay: Mark[] = [];
  #last = 0;

  /**
   * Sets a mark for all that was delivered.
   *
   * @param delivered - durable messages queued so far
   * @returns the mark, greater than earlier ones; 0 when the last one says it all, or when too many are under way
   */
  set(delivered: number, followers: readonly Follower[]): number {
    if (delivered === this.#last || this.#underWay.length >= MOST_UNDER_WAY) return 0;
    const places: MarkedPlace[] = [];
    for (const follower of followers) {
      const { position, marked } = follower;
      if (marked !== null && samePosition(marked, position)) continue;
      follower.marked = position;
      places.push({ follower, position });
    }
    this.#underWay.push({ delivered, places });
    this.#last = delivered;
    return delivered;
  }

  /**
   * A mark was confirmed, and with it those before it: a peer may answer the last of several pings only (RFC 6455,
   * section 5.5.3).
   *
   * @returns the places that are confirmed now, the later one of a log behind the earlier; null for a mark never set
   */
  confirm(mark: number): readonly MarkedPlace[] | null {
    if (mark > this.#last) return null;
    const waiting = this.#underWay.findIndex(({ delivered }) => delivered > mark);
    const confirmed = this.#underWay.splice(0, waiting < 0 ? this.#underWay.length : waiting);
    return confirmed.flatMap(({ places }) => places);
  }

  /** The follower's log jumped: its places stand for nothing any more. */
  forget(follower: Follower): void {
    follower.marked = null;
    this.#underWay = this.#underWay.map(({ delivered, places }) => ({
      delivered,
      places: places.filter((place) => place.follower !== follower),
    }));
  }
}
