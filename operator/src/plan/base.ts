import type { ShardMap } from '@flotilla-im/protocol';
import { sameContent } from './epoch.ts';

/** What a plan starts from, when the authority and the store have been compared. */
export interface Base {
  readonly map: ShardMap | null;
  /** The next map's epoch is at least this. */
  readonly minEpoch: number;
  /** `adopted`: the authority had lost its map, the store's is put back. `taken_over`: the store holds what the authority never wrote. */
  readonly how: 'authority' | 'adopted' | 'taken_over';
}

/**
 * Which map is in force. The authority's, and the store follows: a store that lost its map, or is behind, is given the
 * same one again. The exceptions keep the epoch growing for those who read the store:
 * - no map at the authority (deleted, a new disk): the store's is adopted as it is;
 * - the store is ahead, or says something else under the same epoch (the authority was put back to an older state, or
 *   something else wrote): plans go on from the newer map, under an epoch above both.
 */
export function chooseBase(authority: ShardMap | null, mirror: ShardMap | null): Base {
  if (mirror === null) return { map: authority, minEpoch: 1, how: 'authority' };
  if (authority === null) return { map: mirror, minEpoch: mirror.epoch, how: 'adopted' };
  if (mirror.epoch > authority.epoch) return { map: mirror, minEpoch: mirror.epoch + 1, how: 'taken_over' };
  if (mirror.epoch === authority.epoch && !sameContent(mirror, authority)) {
    return { map: authority, minEpoch: authority.epoch + 1, how: 'taken_over' };
  }
  return { map: authority, minEpoch: 1, how: 'authority' };
}
