import type { Figure } from '../measure/figure.ts';
import { runCommandLine } from '../programs/run.ts';
import { FULLNAME, SHARDS, type Stage } from '../stage/stage.ts';
import { until } from '../stage/until.ts';
import { disturb, PLANNED_GAP_MS, type Scenario } from './scenario.ts';

const OPERATORS = ['-l', 'app.kubernetes.io/component=operator'] as const;

/** What happens to those who decide: operators and the API server. */
export const OPERATOR_SCENARIOS: readonly Scenario[] = [
  {
    name: 'operator-killed-during-scale',
    async play(stage) {
      const leader = await stage.leader();
      const grow = await disturb(
        stage,
        async () => {
          await stage.scale(SHARDS + 1);
          await stage.kubectl.delete('pod', leader, '--grace-period=0', '--force');
        },
        { gapMs: PLANNED_GAP_MS, leavers: [] },
        () => stage.untilHome(SHARDS + 1),
      );
      const shrink = await disturb(stage, () => stage.scale(SHARDS), { gapMs: PLANNED_GAP_MS, leavers: [SHARDS] });
      // A map that waits for the next leader is late by its lease; the promise is about operators that are there.
      return [...grow.filter(({ what }) => !what.startsWith('pod Ready to map')), ...shrink];
    },
  },
  {
    name: 'two-operators',
    async play(stage) {
      const before = stage.maps.current.epoch;
      const leader = await stage.leader();
      const figures = await disturb(
        stage,
        async () => {
          await stage.kubectl.delete('pod', leader);
          await until('another leader', 30_000, async () => ((await stage.leader()) === leader ? null : true));
        },
        { gapMs: PLANNED_GAP_MS, leavers: [] },
      );
      await stage.kubectl.run(['rollout', 'status', `deployment/${FULLNAME}-operator`, '--timeout=60s']);
      return [
        { what: 'maps written because of it', value: stage.maps.current.epoch - before, bound: { atMost: 0 } },
        ...(await leaders(stage)),
        ...figures,
      ];
    },
  },
  {
    name: 'api-server-restarted',
    lacks: ({ env }) => (env.apiRestart === null ? 'FLOTILLA_TEST_API_RESTART is not given' : undefined),
    async play(stage) {
      const before = stage.maps.current.epoch;
      const figures = await disturb(
        stage,
        () => runCommandLine(stage.env.apiRestart ?? ''),
        { gapMs: PLANNED_GAP_MS, leavers: [] },
        async () => {
          await until('an answer of the API server', 60_000, async () => {
            const answer = await stage.kubectl.raw('GET', '/readyz');
            return answer === 'ok' ? true : null;
          });
          await stage.untilHome(SHARDS);
        },
      );
      const grown = await disturb(
        stage,
        () => stage.scale(SHARDS + 1),
        { gapMs: PLANNED_GAP_MS, leavers: [] },
        () => stage.untilHome(SHARDS + 1),
      );
      const epoch = stage.maps.current.epoch;
      const shrunk = await disturb(stage, () => stage.scale(SHARDS), { gapMs: PLANNED_GAP_MS, leavers: [SHARDS] });
      return [
        { what: 'maps written by a scale afterwards', value: epoch - before, bound: { atLeast: 1 } },
        ...figures,
        ...grown,
        ...shrunk,
      ];
    },
  },
];

/** Exactly one of all operators says that it leads. */
async function leaders(stage: Stage): Promise<Figure[]> {
  const { items } = (await stage.kubectl.get('pods', ...OPERATORS)) as { items: { metadata: { name: string } }[] };
  const texts = await Promise.all(
    items.map(({ metadata }) =>
      stage.kubectl.raw(
        'GET',
        `/api/v1/namespaces/${stage.kubectl.namespace}/pods/${metadata.name}:8081/proxy/metrics`,
      ),
    ),
  );
  const leading = texts.filter((text) => /^flotilla_operator_leader 1$/m.test(text)).length;
  return [
    { what: 'operators', value: items.length, bound: { atLeast: 2 } },
    { what: 'operators that lead, too many or too few', value: Math.abs(leading - 1), bound: { atMost: 0 } },
  ];
}
