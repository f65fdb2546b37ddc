import type { Figure } from '../measure/figure.ts';
import { promisedMoves } from '../measure/slot-changes.ts';
import { figuresOf, observe } from '../stage/observe.ts';
import type { Stage } from '../stage/stage.ts';
import { PLANNED_GAP_MS, type Scenario } from './scenario.ts';

function scale(name: string, before: number, after: number): Scenario {
  return {
    name,
    from: before,
    async play(stage) {
      const observation = await observe(stage, {
        act: () => stage.scale(after),
        over: () => stage.untilHome(after),
      });
      const leavers = Array.from({ length: Math.max(0, before - after) }, (_, i) => after + i);
      return [
        ...sharesOf(observation.changes.rehomed, before, after),
        ...figuresOf(observation, { gapMs: PLANNED_GAP_MS, leavers }),
      ];
    },
  };
}

function sharesOf(moved: number, before: number, after: number): Figure[] {
  const promised = promisedMoves(before, after);
  const steps = Math.abs(after - before);
  return [
    { what: `slots that moved (promised ${promised.toFixed(0)})`, value: moved, bound: null },
    { what: 'the same, off by', value: Math.abs(moved - promised), bound: { atMost: steps } },
  ];
}

/** Nobody is connected in the meantime; what is sent is kept. */
const toNothingAndBack: Scenario = {
  name: 'scale-to-0-and-back',
  async play(stage: Stage) {
    const observation = await observe(stage, {
      act: async () => {
        await stage.scale(0);
        await stage.untilHome(0);
        await stage.scale(3);
      },
      over: () => stage.untilHome(3),
    });
    // Everybody comes to the first shard that is there.
    return figuresOf(observation, { gapMs: null, leavers: [0, 1, 2] });
  },
};

/** `kubectl scale` 3 → 5 → 3 → 1 → 4 → 3, and to nothing and back. */
export const SCALE_SCENARIOS: readonly Scenario[] = [
  scale('scale-3-to-5', 3, 5),
  scale('scale-5-to-3', 5, 3),
  scale('scale-3-to-1', 3, 1),
  scale('scale-1-to-4', 1, 4),
  scale('scale-4-to-3', 4, 3),
  toNothingAndBack,
];
