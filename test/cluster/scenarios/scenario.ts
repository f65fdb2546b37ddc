import type { Figure } from '../measure/figure.ts';
import { type Allowed, type Disturbance, figuresOf, observe } from '../stage/observe.ts';
import { SHARDS, type Stage } from '../stage/stage.ts';

/** Something that happens to a release under load, and what it may do. */
export interface Scenario {
  /** To ask for it alone. */
  readonly name: string;
  /** Why it cannot be played here; undefined when it can. */
  readonly lacks?: (stage: Stage) => string | undefined;
  /** Shards that it finds, all at home. Default {@link SHARDS}. */
  readonly from?: number;
  readonly play: (stage: Stage) => Promise<Figure[]>;
}

/** Gap that a planned leave may cause, in milliseconds. */
export const PLANNED_GAP_MS = 100;
/** Gap that the death of a process may cause: detection, the pace of those that take over, a second. */
export const CRASH_GAP_MS = 5_000;

/** Plays something after which all shards are at home again. */
export async function disturb(
  stage: Stage,
  act: Disturbance['act'],
  allowed: Allowed,
  over: Disturbance['over'] = () => stage.untilHome(SHARDS),
): Promise<Figure[]> {
  const observation = await observe(stage, { act, over });
  return figuresOf(observation, allowed);
}
