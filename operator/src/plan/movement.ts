import { expandSlots, type ShardMap } from '@flotilla-im/protocol';

/** How two maps differ, in slots. */
export interface Movement {
  /** Slots that another shard serves now. A slot that nobody served before, or serves now, has not moved. */
  readonly moved: number;
  /** Slots that are away from home in the later map. */
  readonly lent: number;
  /** Slots that were lent and are home again. */
  readonly returned: number;
}

/** Compares a map with the one that followed it. */
export function movementBetween(before: ShardMap | null, after: ShardMap): Movement {
  const [had, owner] = [expandSlots(before?.owner ?? []), expandSlots(after.owner)];
  const [wasHome, home] = [expandSlots(before?.home ?? []), expandSlots(after.home)];
  let [moved, lent, returned] = [0, 0, 0];
  owner.forEach((id, slot) => {
    if (had.length > 0 && had[slot] !== id) moved += 1;
    if (home[slot] !== id) lent += 1;
    else if (had.length > 0 && had[slot] !== wasHome[slot]) returned += 1;
  });
  return { moved, lent, returned };
}
