/** What {@link assignOwners} needs; tables hold the shard id of each slot. */
export interface LendInput {
  /** Who each slot belongs to. */
  readonly home: Uint16Array;
  /** Who served each slot until now; empty when nobody did. */
  readonly owner: Uint16Array;
  /** The shards of the map that can serve. */
  readonly present: ReadonlySet<number>;
}

/**
 * Who serves each slot. A slot whose home is present is at home. The others are lent so that all present shards carry the
 * same, give or take one slot; a slot already lent stays with its lender unless that balance needs it. Ties are settled by
 * slot and shard numbers, so the same input gives the same table everywhere. Without any present shard slots stay where
 * they were, if that shard is still somebody's home, else at home.
 */
export function assignOwners({ home, owner, present }: LendInput): Uint16Array {
  const homes = new Set(home);
  if (present.size === 0) return home.map((id, slot) => presentOwner(owner[slot], homes) ?? id);
  const lent = slotsWhere(home, (id) => !present.has(id));
  const table = home.slice();
  if (lent.length === 0) return table;
  const room = roomFor(lent, { home, owner, present });
  const homeless = lent.filter((slot) => {
    const lender = presentOwner(owner[slot], present);
    if (lender === undefined || !takeRoom(room, lender)) return true;
    table[slot] = lender;
    return false;
  });
  for (const slot of homeless) {
    const lender = roomiest(room);
    takeRoom(room, lender);
    table[slot] = lender;
  }
  return table;
}

function slotsWhere(home: Uint16Array, isWanted: (id: number) => boolean): number[] {
  const slots: number[] = [];
  home.forEach((id, slot) => {
    if (isWanted(id)) slots.push(slot);
  });
  return slots;
}

function presentOwner(id: number | undefined, present: ReadonlySet<number>): number | undefined {
  return id !== undefined && present.has(id) ? id : undefined;
}

/** How many more slots than its own each present shard is to carry. */
function roomFor(lent: readonly number[], { home, owner, present }: LendInput): Map<number, number> {
  const atHome = new Map([...present].map((id) => [id, 0]));
  for (const id of home) if (present.has(id)) atHome.set(id, (atHome.get(id) ?? 0) + 1);
  const carried = new Map(atHome);
  for (const slot of lent) {
    const id = presentOwner(owner[slot], present);
    if (id !== undefined) carried.set(id, (carried.get(id) ?? 0) + 1);
  }
  const quotas = fairQuotas(home.length, carried);
  return new Map([...present].map((id) => [id, (quotas.get(id) ?? 0) - (atHome.get(id) ?? 0)]));
}

/**
 * The same for each. What is left over goes to those that carry most already: so the fewest slots have to move. A shard
 * whose own slots alone are more than a share is always among them: homes differ by one slot at most, so nobody carries
 * less than a share then, and those that carry more are no more than what is left over.
 */
function fairQuotas(slots: number, carried: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const share = Math.floor(slots / carried.size);
  const left = slots - share * carried.size;
  const ranked = [...carried].sort(([a, inA], [b, inB]) => inB - inA || a - b);
  return new Map(ranked.map(([id], rank) => [id, rank < left ? share + 1 : share]));
}

function takeRoom(room: Map<number, number>, id: number): boolean {
  const left = room.get(id) ?? 0;
  if (left > 0) room.set(id, left - 1);
  return left > 0;
}

/** The shard with most room, the lowest id among equals: so each absent shard's slots spread over all lenders. */
function roomiest(room: ReadonlyMap<number, number>): number {
  let [best, most] = [-1, -Infinity];
  for (const [id, left] of room) if (left > most || (left === most && id < best)) [best, most] = [id, left];
  return best;
}
