import { describe, expect, test } from '@jest/globals';
import { expandSlots, homeTable, parseShardMap, type ShardMap } from '@flotilla-im/protocol';
import fc from 'fast-check';
import { createScene, servingShard } from '../testing/scene.ts';
import type { ShardObservation } from './observation.ts';

const MOST = 9;

type Step =
  | { readonly do: 'scale'; readonly to: number }
  | { readonly do: 'shard'; readonly id: number; readonly change: Partial<ShardObservation> }
  | { readonly do: 'store'; readonly isHealthy: boolean }
  | { readonly do: 'forget' }
  | { readonly do: 'start'; readonly firstId: number };

const looks: Partial<ShardObservation>[] = [
  {},
  {},
  { present: false },
  { deleting: true },
  { ready: false },
  { heartbeat: 'silent' },
  { heartbeat: 'draining' },
  { heartbeat: 'unproven' },
];
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('scale' as const), to: fc.nat(MOST) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('shard' as const),
      id: fc.nat(MOST - 1),
      change: fc.constantFrom(...looks),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('store' as const), isHealthy: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'forget' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('start' as const), firstId: fc.constantFrom(0, 0, 2, 20) }) },
);

/** Plans through a history; `check` sees each map with the one before it. */
function live(history: readonly Step[], check: (map: ShardMap, before: ShardMap | null) => void): void {
  const scene = createScene();
  const shards = Array.from({ length: MOST }, (_, id) => servingShard(id));
  let [desired, firstId, isStoreHealthy, before] = [3, 0, true, null as ShardMap | null];
  history.forEach((step, index) => {
    if (step.do === 'scale') desired = step.to;
    if (step.do === 'shard') shards[step.id] = servingShard(step.id, step.change);
    if (step.do === 'store') isStoreHealthy = step.isHealthy;
    if (step.do === 'forget') scene.restart();
    if (step.do === 'start') firstId = step.firstId;
    const { map } = scene.see(shards, { desired, firstId, isStoreHealthy, nowMs: index * 3_000 });
    if (map === null) return;
    check(map, before);
    before = map;
  });
}

function always(check: (map: ShardMap, before: ShardMap | null) => void): void {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 1, maxLength: 25 }), (history) => live(history, check)),
    { numRuns: 40 },
  );
}

const upOf = (map: ShardMap): Set<number> =>
  new Set(map.shards.filter(({ state }) => state === 'up').map(({ id }) => id));

describe('any history of scaling, leaving, crashing and returning', () => {
  test('gives only maps that every reader accepts', () => {
    always((map) => expect(parseShardMap(JSON.stringify(map))).toEqual(map));
  });

  test('counts the epoch up by one when the map changes, and never else', () => {
    always((map, before) => {
      const isSame = JSON.stringify({ ...map, epoch: 0 }) === JSON.stringify({ ...before, epoch: 0 });
      expect(map.epoch - (before?.epoch ?? 0)).toBe(isSame ? 0 : 1);
    });
  });

  test('keeps every home where the number of shards puts it', () => {
    always((map) => {
      const home = expandSlots(map.home);
      const first = home.reduce((least, id) => Math.min(least, id), Infinity);
      expect(home.map((id) => id - first)).toEqual(homeTable(new Set(home).size));
    });
  });

  test('never leaves a slot with a shard that is away while another is up', () => {
    always((map) => {
      const up = upOf(map);
      if (up.size > 0) expect([...expandSlots(map.owner)].every((id) => up.has(id))).toBe(true);
    });
  });

  test('spreads the slots evenly over all that are up', () => {
    always((map) => {
      const loads = new Map([...upOf(map)].map((id) => [id, 0]));
      for (const id of expandSlots(map.owner)) if (loads.has(id)) loads.set(id, (loads.get(id) ?? 0) + 1);
      if (loads.size > 0) expect(Math.max(...loads.values()) - Math.min(...loads.values())).toBeLessThanOrEqual(1);
    });
  });

  test('moves no slot whose home is the same and up, before and after', () => {
    always((map, before) => {
      if (before === null) return;
      const [up, wasUp] = [upOf(map), upOf(before)];
      const [home, wasHome, owner, hadOwner] = [map.home, before.home, map.owner, before.owner].map(expandSlots);
      const moved = [...home!.keys()].filter((slot) => {
        const id = home![slot]!;
        return wasHome![slot] === id && up.has(id) && wasUp.has(id) && owner![slot] !== hadOwner![slot];
      });
      expect(moved).toEqual([]);
    });
  });
});
