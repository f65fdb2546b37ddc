import { setTimeout as wait } from 'node:timers/promises';
import type { Figure } from '../measure/figure.ts';
import { figuresOf, observe } from '../stage/observe.ts';
import { FULLNAME, SHARDS, type Stage } from '../stage/stage.ts';
import { until } from '../stage/until.ts';
import { disturb, type Scenario } from './scenario.ts';

const REDIS = `statefulset/${FULLNAME}-redis`;
const GONE_MS = 20_000;

/** What happens to Redis. Senders wait meanwhile, so a gap is no fault of the shards. */
export const REDIS_SCENARIOS: readonly Scenario[] = [
  {
    name: 'redis-restarted',
    async play(stage) {
      const epoch = stage.maps.current.epoch;
      const figures = await disturb(
        stage,
        () => stage.kubectl.delete('pod', `${FULLNAME}-redis-0`),
        { gapMs: null, leavers: [] },
        () => untilRedisAnswers(stage),
      );
      return [...unchanged(stage, epoch), ...figures];
    },
  },
  {
    name: 'redis-gone-20-s',
    async play(stage) {
      const epoch = stage.maps.current.epoch;
      const figures = await disturb(
        stage,
        async () => {
          await stage.kubectl.run(['scale', REDIS, '--replicas=0']);
          await wait(GONE_MS);
          await stage.kubectl.run(['scale', REDIS, '--replicas=1']);
        },
        { gapMs: null, leavers: [] },
        () => untilRedisAnswers(stage),
      );
      return [...unchanged(stage, epoch), ...figures];
    },
  },
  {
    name: 'flushall',
    async play(stage) {
      const { epoch } = stage.maps.current;
      await pauseUntilQuiet(stage);
      const observation = await observe(stage, {
        async act() {
          await pauseUntilQuiet(stage);
          await stage.redis('FLUSHALL');
          await until('the map in Redis again', 30_000, async () => (await mapKeys(stage)) > 0 || null);
          await stage.load.tell('join');
          await stage.load.tell('resume');
          await wait(5_000);
        },
        over: () => stage.untilHome(SHARDS),
      });
      const told = observation.report.kinds;
      return [
        {
          what: 'epochs that the map lost',
          value: Math.max(0, epoch - stage.maps.current.epoch),
          bound: { atMost: 0 },
        },
        { what: 'clients told that a log was lost', value: told.v1.toldLost + told.socketIo.toldLost, bound: null },
        ...figuresOf(observation, { gapMs: null, leavers: [] }).filter(({ what }) => what !== 'gaps told'),
      ];
    },
  },
];

/** Nothing was lent, nobody closed: the map stands as it stood. */
function unchanged(stage: Stage, epoch: number): Figure[] {
  return [{ what: 'maps written because of it', value: stage.maps.current.epoch - epoch, bound: { atMost: 0 } }];
}

async function untilRedisAnswers(stage: Stage): Promise<void> {
  await until('an answer of Redis', 120_000, async () => ((await stage.redis('PING')).trim() === 'PONG' ? true : null));
  await until('sends accepted again', 60_000, async () => ((await stage.load.status()).unanswered < 100 ? true : null));
  await stage.untilHome(SHARDS);
}

async function pauseUntilQuiet(stage: Stage): Promise<void> {
  await stage.load.tell('pause');
  await until('the arrival of all messages', 30_000, async () => {
    const { lacking, unanswered } = await stage.load.status();
    return lacking === 0 && unanswered === 0 ? true : null;
  });
}

async function mapKeys(stage: Stage): Promise<number> {
  return (await stage.redis('KEYS', "'*:map'"))
    .trim()
    .split('\n')
    .filter((line) => line !== '').length;
}
