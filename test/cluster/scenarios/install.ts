import { setTimeout as wait } from 'node:timers/promises';
import type { Figure } from '../measure/figure.ts';
import { figuresOf, observe, timed } from '../stage/observe.ts';
import { RELEASE, type Stage } from '../stage/stage.ts';
import { leftovers } from './releases.ts';
import { PLANNED_GAP_MS, type Scenario } from './scenario.ts';

const STEADY_MS = 15_000;
/** What the load is to be at least. */
const LEAST_CONNECTIONS = 2_000;
const LEAST_PER_SECOND = 500;

/** `helm test` of the release that was installed, then the load. */
export async function playInstalled(stage: Stage): Promise<Figure[]> {
  await stage.helm.test(RELEASE);
  await stage.startLoad();
  await stage.load.tell('resume');
  const { connected } = await stage.load.status();
  return [
    {
      what: 'connections',
      value: connected.v1 + connected.plain + connected.socketIo,
      bound: { atLeast: LEAST_CONNECTIONS },
    },
  ];
}

/** What the load measures while nothing happens. */
export const REST_SCENARIO: Scenario = {
  name: 'rest',
  async play(stage) {
    const before = stage.maps.current.epoch;
    const observation = await observe(stage, { act: () => wait(STEADY_MS), over: () => Promise.resolve() });
    const { sender, delayMs, windowMs } = observation.report;
    return [
      ...timed(
        [{ what: 'durable messages a second', value: sender.perSecond, bound: { atLeast: LEAST_PER_SECOND } }],
        observation.report,
      ),
      { what: 'messages delivered a second', value: delayMs.count / (windowMs / 1_000), bound: null },
      { what: 'from acceptance to the application, p99 ms', value: delayMs.p99, bound: null },
      { what: 'maps written while nothing happens', value: stage.maps.current.epoch - before, bound: { atMost: 0 } },
      ...figuresOf(observation, { gapMs: PLANNED_GAP_MS, leavers: [] }),
    ];
  },
};

/** The release goes, and nothing of it is left. */
export async function playUninstall(stage: Stage): Promise<Figure[]> {
  await stage.kubectl.delete('pod', 'load');
  await stage.helm.uninstall(RELEASE);
  const left = await leftovers(stage.kubectl);
  return [{ what: `objects left: ${left.join(', ') || 'none'}`, value: left.length, bound: { atMost: 0 } }];
}
