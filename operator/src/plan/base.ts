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

/** The maps that are known, and what else tells how far the epoch has got. */
export interface KnownMaps {
  /** What the authority holds; null: nothing, or nothing that can be read. */
  readonly authority: ShardMap | null;
  /** What readers of the store see; null: nothing, or the store cannot be reached. */
  readonly mirror: ShardMap | null;
  /** What this operator knows to have been in force last; null after its start. */
  readonly remembered: ShardMap | null;
  /** The newest epoch that a shard says it serves by. */
  readonly heardEpoch: number;
}

/**
 * Which map is in force. The authority's, and the store follows: a store that lost its map, or is behind, is given the
 * same one again. The exceptions keep the epoch growing for those who read the store:
 * - no map at the authority (deleted, edited until nobody can read it, a new disk): the store's is adopted as it is, or
 *   the one this operator remembers;
 * - one of those is ahead, or the store says something else under the same epoch (the authority was put back to an older
 *   state, or something else wrote): plans go on from the newer map, under an epoch above all;
 * - shards serve by a newer epoch than any map that is left: the epoch goes on above theirs, since they refuse older maps.
 */
export function chooseBase({ authority, mirror, remembered, heardEpoch }: KnownMaps): Base {
  const other = newer(mirror, remembered);
  const base = compare(authority, other);
  const epoch = base.map?.epoch ?? 0;
  return heardEpoch <= epoch ? base : { ...base, minEpoch: heardEpoch + 1, how: 'taken_over' };
}

function compare(authority: ShardMap | null, other: ShardMap | null): Base {
  if (other === null) return { map: authority, minEpoch: 1, how: 'authority' };
  if (authority === null) return { map: other, minEpoch: other.epoch, how: 'adopted' };
  if (other.epoch > authority.epoch) return { map: other, minEpoch: other.epoch + 1, how: 'taken_over' };
  if (other.epoch === authority.epoch && !sameContent(other, authority)) {
    return { map: authority, minEpoch: authority.epoch + 1, how: 'taken_over' };
  }
  return { map: authority, minEpoch: 1, how: 'authority' };
}

/** Of two of the same epoch the store's: that is the one that others see. */
function newer(mirror: ShardMap | null, remembered: ShardMap | null): ShardMap | null {
  if (mirror === null || remembered === null) return mirror ?? remembered;
  return remembered.epoch > mirror.epoch ? remembered : mirror;
}
