/** What {@link assignOwners} needs; tables hold the shard id of each slot. */
export interface LendInput {
  /** Who each slot belongs to. */
  readonly home: ArrayLike<number>;
  /** Who served each slot until now; empty when nobody did. */
  readonly owner: ArrayLike<number>;
  /** The shards of the map that can serve. */
  readonly present: ReadonlySet<number>;
}

type Counts = ReadonlyMap<number, number>;

/**
 * Who serves each slot. A slot whose home is present is at home. The others are lent so that all present shards carry the
 * same, give or take one slot; a slot already lent stays with its lender unless that balance needs it. Ties are settled by
 * slot and shard numbers, so the same input gives the same table everywhere. Without any present shard slots stay where
 * they were, if that shard is still somebody's home, else at home.
 */
export function assignOwners({ home, owner, present }: LendInput): Uint16Array {
  const homes = Array.from(home);
  if (present.size === 0) return stayPut(homes, owner);
  if (homes.every((id) => present.has(id))) return Uint16Array.from(homes);
  const wishes = homes.map((id, slot) => (present.has(id) ? id : presentOwner(owner[slot], present)));
  const atHome = countSlots(
    homes.filter((id) => present.has(id)),
    present,
  );
  const quotas = fairQuotas(homes.length, atHome, countSlots(wishes, present));
  const room = new Map([...present].map((id) => [id, (quotas.get(id) ?? 0) - (atHome.get(id) ?? 0)]));
  const table = Uint16Array.from(homes);
  const homeless: number[] = [];
  for (const [slot, wish] of wishes.entries()) {
    if (wish === homes[slot]) continue;
    if (wish !== undefined && takeRoom(room, wish)) table[slot] = wish;
    else homeless.push(slot);
  }
  for (const slot of homeless) {
    const lender = roomiest(room);
    takeRoom(room, lender);
    table[slot] = lender;
  }
  return table;
}

function stayPut(homes: readonly number[], owner: ArrayLike<number>): Uint16Array {
  const known = new Set(homes);
  return Uint16Array.from(homes, (id, slot) => presentOwner(owner[slot], known) ?? id);
}

function presentOwner(id: number | undefined, present: ReadonlySet<number>): number | undefined {
  return id !== undefined && present.has(id) ? id : undefined;
}

function countSlots(table: readonly (number | undefined)[], ids: ReadonlySet<number>): Counts {
  const counts = new Map([...ids].map((id) => [id, 0]));
  for (const id of table) if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/**
 * The same for each. What is left over goes first to those whose own slots need it, then to those that carry most already:
 * so the fewest slots have to move.
 */
function fairQuotas(slots: number, atHome: Counts, carried: Counts): Counts {
  const share = Math.floor(slots / carried.size);
  const left = slots - share * carried.size;
  const needs = (id: number): number => ((atHome.get(id) ?? 0) > share ? 1 : 0);
  const ranked = [...carried].sort(([a, inA], [b, inB]) => needs(b) - needs(a) || inB - inA || a - b);
  return new Map(ranked.map(([id], rank) => [id, rank < left ? share + 1 : share]));
}

function takeRoom(room: Map<number, number>, id: number): boolean {
  const left = room.get(id) ?? 0;
  if (left > 0) room.set(id, left - 1);
  return left > 0;
}

/** The shard with most room, the lowest id among equals: so each absent shard's slots spread over all lenders. */
function roomiest(room: ReadonlyMap<number, number>): number {
  return [...room].reduce((best, next) =>
    next[1] > best[1] || (next[1] === best[1] && next[0] < best[0]) ? next : best,
  )[0];
}
