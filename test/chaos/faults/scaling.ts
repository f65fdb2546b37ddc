import { shuffled } from './shuffled.ts';
import type { FaultKind, Plan, Stage } from './fault.ts';

/** Shards that every campaign begins and ends with. */
export const SHARDS = 3;
/** More there never are. */
export const MOST_SHARDS = 5;
/** Slots there are. */
const SLOTS = 4_096;
/** The fullest shard has at most so many times the mean's slots. */
const MOST_IMBALANCE = 1.02;
/** Plain clients stay where they are, and slots have a few clients more or less. */
const MOST = 0.9;
const HOME_LOOK_MS = 500;
/** How long one step of scaling may take, until its shards have come or gone. */
const STEP_MS = 5_000;

/** Shards come and go, and every process is replaced: all of it planned, so nothing is excused. */
export const SCALING: readonly FaultKind[] = [
  {
    name: 'scale',
    what: '`kubectl scale` to 4 or 5 shards, and back to 3',
    held: 'fullest shard ≤ 1.02 of the mean of slots',
    excuses: [],
    parts: ['shards'],
    plan: ({ chance }) => scaleTo([4 + chance.below(2), SHARDS], Math.round(chance.between(1_000, 4_000))),
  },
  {
    name: 'scale-flap',
    what: 'the wanted number of shards changes again before the change before it is done',
    held: 'fullest shard ≤ 1.02 of the mean of slots',
    excuses: [],
    parts: ['shards'],
    plan: ({ chance }) => {
      // Never the number that is to be in the end, nor twice the same.
      const counts = shuffled([2, 4, 5, 4, 2], chance).filter((count, i, all) => count !== all[i - 1]);
      return flap(counts, Math.round(chance.between(300, 2_500)));
    },
  },
  {
    name: 'rollout',
    what: '`kubectl rollout restart`: every shard is replaced, one after the other',
    held: 'delivery gap p99 ≤ 100 ms',
    excuses: [],
    parts: ['shards'],
    plan: () => ({
      detail: `all ${SHARDS} shards`,
      lastsMs: SHARDS * STEP_MS,
      healsMs: 1_000,
      wholeWithinMs: 15_000,
      run: ({ system }) => system.shards.rollout(),
    }),
  },
];

/**
 * Through these counts, each held for so long.
 *
 * @param homeMs - the hold begins when clients have moved to the shards of their slots, and that may take so long; 0: at once
 */
export function scaleTo(counts: readonly number[], holdMs: number, homeMs = 0): Plan {
  return {
    detail: `to ${counts.join(', ')}, each for ${(holdMs / 1_000).toFixed(1)} s`,
    lastsMs: counts.length * (STEP_MS + holdMs),
    healsMs: 1_000,
    wholeWithinMs: 15_000,
    async run(stage) {
      for (const count of counts) {
        await stage.system.shards.scale(count);
        await tellImbalance(stage, count);
        if (homeMs > 0) await stage.until('most clients at the shards of their slots', homeMs, () => areHome(stage));
        await stage.wait(holdMs);
      }
    },
  };
}

/** Whether every shard has most of the connections that its slots bring. Asked seldom: shards count for each answer. */
async function areHome({ system, clients, wait }: Stage): Promise<boolean> {
  await wait(HOME_LOOK_MS);
  const [map, connections] = await Promise.all([system.shards.map(), system.shards.connections()]);
  const owned = [...(map?.owned ?? [])];
  return owned.every(([id, slots]) => (connections.get(id) ?? 0) >= (MOST * clients * slots) / SLOTS);
}

function flap(counts: readonly number[], everyMs: number): Plan {
  return {
    detail: `to ${counts.join(', ')}, one every ${(everyMs / 1_000).toFixed(1)} s, then ${SHARDS}`,
    lastsMs: counts.length * everyMs + STEP_MS,
    healsMs: 2_000,
    wholeWithinMs: 20_000,
    async run(stage) {
      for (const count of counts) {
        await stage.system.shards.want(count);
        await stage.wait(everyMs);
      }
      await stage.system.shards.scale(SHARDS);
      await tellImbalance(stage, SHARDS);
    },
  };
}

async function tellImbalance({ system, figure }: Stage, shards: number): Promise<void> {
  const map = await system.shards.map();
  const fullest = Math.max(0, ...(map?.owned.values() ?? []));
  // What cannot be read is no balance: as if one had everything.
  const value = map === null || fullest === 0 ? shards : fullest / (SLOTS / shards);
  figure({ name: `slots of the fullest of ${shards} shards, times the mean`, value, most: MOST_IMBALANCE, unit: 'x' });
}
