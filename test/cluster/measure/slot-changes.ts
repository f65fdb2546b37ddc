import { type CompiledMap, SLOT_COUNT } from '@flotilla-im/protocol';

/** What a row of maps did to the slots, from the first map to the last. */
export interface SlotChanges {
  /** Slots that another shard served at some time than in the first map. */
  readonly moved: ReadonlySet<number>;
  /** Slots whose home in the last map is another than in the first. */
  readonly rehomed: number;
  /** In the worst map: slots served by another shard than their home although that was there. */
  readonly lentNeedlessly: number;
  /** In the worst map: slots of the fullest shard that is there less those of the emptiest. */
  readonly unevenness: number;
  /** Slots that are not at home in the last map. */
  readonly stillLent: number;
}

/** Compares maps that followed each other; the first is the one that stood before. */
export function slotChanges(maps: readonly CompiledMap[]): SlotChanges {
  const [first] = maps;
  const last = maps.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('there is no map to compare');
  const moved = new Set<number>();
  for (const map of maps) {
    for (let slot = 0; slot < SLOT_COUNT; slot += 1) if (map.owner[slot] !== first.owner[slot]) moved.add(slot);
  }
  return {
    moved,
    rehomed: countSlots((slot) => last.home[slot] !== first.home[slot]),
    lentNeedlessly: Math.max(...maps.map(lentNeedlessly)),
    unevenness: Math.max(...maps.map(unevenness)),
    stillLent: countSlots((slot) => last.home[slot] !== last.owner[slot]),
  };
}

/** Slots that change their home from `before` shards to `after`, as promised: |M - N| / max(M, N) of all. */
export function promisedMoves(before: number, after: number): number {
  return (Math.abs(after - before) / Math.max(before, after)) * SLOT_COUNT;
}

function lentNeedlessly({ home, owner, shards }: CompiledMap): number {
  return countSlots((slot) => owner[slot] !== home[slot] && shards.get(home[slot] ?? -1)?.state === 'up');
}

function unevenness({ owner, map }: CompiledMap): number {
  const owned = new Map(map.shards.filter(({ state }) => state === 'up').map(({ id }) => [id, 0]));
  for (const shard of owner) if (owned.has(shard)) owned.set(shard, (owned.get(shard) ?? 0) + 1);
  const counts = [...owned.values()];
  return counts.length === 0 ? 0 : Math.max(...counts) - Math.min(...counts);
}

function countSlots(isCounted: (slot: number) => boolean): number {
  let count = 0;
  for (let slot = 0; slot < SLOT_COUNT; slot += 1) if (isCounted(slot)) count += 1;
  return count;
}
