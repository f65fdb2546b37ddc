import { describe, expect, test } from '@jest/globals';
import { homeTable, SLOT_COUNT } from '@flotilla-im/protocol';
import fc from 'fast-check';
import { assignOwners } from './lend.ts';

const loadsOf = (table: ArrayLike<number>, present: ReadonlySet<number>): number[] =>
  [...present].map((id) => Array.from(table).filter((owner) => owner === id).length);

const fleets = fc.integer({ min: 1, max: 160 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    absences: fc.array(fc.uniqueArray(fc.nat(count - 1), { maxLength: count - 1 }), { minLength: 1, maxLength: 4 }),
  }),
);

const presentAfter = (count: number, absent: readonly number[]): Set<number> =>
  new Set(Array.from({ length: count }, (_, id) => id).filter((id) => !absent.includes(id)));

describe('lending slots', () => {
  test('every present shard carries the same, give or take one slot, through any series of absences', () => {
    fc.assert(
      fc.property(fleets, ({ count, absences }) => {
        const home = homeTable(count);
        let owner = home;
        for (const absent of absences) {
          const present = presentAfter(count, absent);
          owner = assignOwners({ home, owner, present });
          const loads = loadsOf(owner, present);
          expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
          expect(loads.reduce((sum, load) => sum + load, 0)).toBe(SLOT_COUNT);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('a slot whose home is present is at home', () => {
    fc.assert(
      fc.property(fleets, ({ count, absences }) => {
        const home = homeTable(count);
        let owner = home;
        for (const absent of absences) owner = assignOwners({ home, owner, present: presentAfter(count, absent) });
        const present = presentAfter(count, absences.at(-1) ?? []);
        expect(home.every((id, slot) => !present.has(id) || owner[slot] === id)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('only the slots of the shard that goes away move', () => {
    const home = homeTable(5);
    const owner = assignOwners({ home, owner: home, present: new Set([0, 1, 3, 4]) });
    const moved = [...home.keys()].filter((slot) => owner[slot] !== home[slot]);
    expect(moved.every((slot) => home[slot] === 2)).toBe(true);
  });

  test('slots that are lent do not hop when nothing changes', () => {
    const home = homeTable(7);
    const present = new Set([0, 2, 4, 5, 6]);
    const owner = assignOwners({ home, owner: home, present });
    expect(assignOwners({ home, owner, present })).toEqual(owner);
  });

  test('when a second shard goes away, what the first one lent stays where it is, as far as its lenders are present', () => {
    const home = homeTable(6);
    const first = assignOwners({ home, owner: home, present: new Set([0, 2, 3, 4, 5]) });
    const second = assignOwners({ home, owner: first, present: new Set([0, 2, 3, 5]) });
    const hopped = [...home.keys()].filter(
      (slot) => home[slot] === 1 && first[slot] !== 4 && second[slot] !== first[slot],
    );
    expect(hopped).toEqual([]);
  });

  test('an absent shard lends to all the others in equal parts', () => {
    const home = homeTable(4);
    const owner = assignOwners({ home, owner: home, present: new Set([0, 2, 3]) });
    const parts = [0, 2, 3].map(
      (id) => [...home.keys()].filter((slot) => home[slot] === 1 && owner[slot] === id).length,
    );
    expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
  });

  test('with nobody present, slots stay with who had them', () => {
    const home = homeTable(3);
    const lent = assignOwners({ home, owner: home, present: new Set([0, 2]) });
    expect(assignOwners({ home, owner: lent, present: new Set() })).toEqual(lent);
  });
});
