import { FULLNAME } from '../stage/stage.ts';
import { CRASH_GAP_MS, disturb, PLANNED_GAP_MS, type Scenario } from './scenario.ts';

/** What happens to pods of shards: planned, forced, and without a word. */
export const POD_SCENARIOS: readonly Scenario[] = [
  {
    name: 'rollout-restart',
    play: (stage) =>
      disturb(
        stage,
        () => stage.kubectl.run(['rollout', 'restart', `statefulset/${FULLNAME}-im`]),
        {
          gapMs: PLANNED_GAP_MS,
          leavers: [0, 1, 2],
        },
        async () => {
          await stage.kubectl.run(['rollout', 'status', `statefulset/${FULLNAME}-im`, '--timeout=180s'], {
            timeoutMs: 190_000,
          });
          await stage.untilHome(3);
        },
      ),
  },
  {
    name: 'delete-pod',
    play: (stage) =>
      disturb(stage, () => stage.kubectl.delete('pod', `${FULLNAME}-im-1`), { gapMs: PLANNED_GAP_MS, leavers: [1] }),
  },
  {
    name: 'delete-pod-forced',
    play: (stage) =>
      disturb(stage, () => stage.kubectl.delete('pod', `${FULLNAME}-im-1`, '--grace-period=0', '--force'), {
        gapMs: CRASH_GAP_MS,
        leavers: [1],
        mayLinger: true,
      }),
  },
  {
    name: 'kill-9',
    play: (stage) =>
      disturb(stage, () => stage.signal(`${FULLNAME}-im-2`, 'im', 'SIGKILL'), {
        gapMs: CRASH_GAP_MS,
        leavers: [2],
        mayLinger: true,
      }),
  },
];
