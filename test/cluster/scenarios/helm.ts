import type { Figure } from '../measure/figure.ts';
import { figuresOf, observe } from '../stage/observe.ts';
import { Helm } from '../programs/helm.ts';
import { FULLNAME, NAMESPACE, RELEASE, SHARDS, type Stage } from '../stage/stage.ts';
import { until } from '../stage/until.ts';
import { disturb, PLANNED_GAP_MS, type Scenario } from './scenario.ts';

const SET = `${FULLNAME}-im`;

/** What Helm does to a release that was scaled. */
export const HELM_SCENARIOS: readonly Scenario[] = [
  {
    name: 'upgrade-after-scale',
    async play(stage) {
      const grown = SHARDS + 1;
      await stage.scale(grown);
      await stage.untilHome(grown);
      // Never the same twice, or nothing would be rolled out when it is played again.
      const values = withAnnotation(stage.values(), `upgraded at ${Date.now()}`);
      const figures = await disturb(
        stage,
        () => stage.helm.upgrade(RELEASE, values, false),
        { gapMs: PLANNED_GAP_MS, leavers: Array.from({ length: grown }, (_, i) => i) },
        () => stage.untilRolledOut(grown),
      );
      const kept = await replicas(stage);
      const three = await withHelm3(stage, values);
      await stage.scale(SHARDS);
      await stage.untilHome(SHARDS);
      return [
        { what: 'shards after Helm 4, off by', value: Math.abs(kept - grown), bound: { atMost: 0 } },
        ...three.map((shards) => ({
          what: 'shards after Helm 3, off by',
          value: Math.abs(shards - grown),
          bound: { atMost: 0 },
        })),
        ...figures,
      ];
    },
  },
  {
    name: 'upgrade-to-next-version-and-back',
    play: (stage) => playVersions(stage),
  },
  {
    name: 'bad-image-rolled-back',
    async play(stage) {
      const figures = await disturb(
        stage,
        async () => {
          await stage.helm.upgrade(RELEASE, withBadImage(stage.values()), false);
          await until('a pod that finds no image', 120_000, async () =>
            (await waitingPods(stage)).length > 0 ? true : null,
          );
          await stage.helm.rollback(RELEASE);
        },
        { gapMs: PLANNED_GAP_MS, leavers: [SHARDS - 1] },
        async () => {
          // Kubernetes waits for a pod that never started, whatever its template says now (kubernetes/kubernetes#67250).
          for (const pod of await waitingPods(stage)) await stage.kubectl.delete('pod', pod, '--wait=false');
          await stage.untilRolledOut(SHARDS);
        },
      );
      return [
        { what: 'shards after it, off by', value: Math.abs((await replicas(stage)) - SHARDS), bound: { atMost: 0 } },
        ...figures,
      ];
    },
  },
  {
    name: 'stateful-set-orphaned',
    async play(stage) {
      // As the chart's README says: made anew from what it was, with its count.
      const copied = await disturb(
        stage,
        async () => {
          const set = await stage.kubectl.get('statefulset', SET, '--show-managed-fields');
          await stage.kubectl.delete('statefulset', SET, '--cascade=orphan');
          await stage.kubectl.create(set);
        },
        { gapMs: PLANNED_GAP_MS, leavers: [] },
      );
      // The chart gives no count, and Kubernetes takes that for one: it deletes the other pods before anybody can say more.
      const rendered = await disturb(
        stage,
        async () => {
          await stage.kubectl.delete('statefulset', SET, '--cascade=orphan');
          await stage.helm.upgrade(RELEASE, stage.values(), false);
        },
        { gapMs: PLANNED_GAP_MS, leavers: Array.from({ length: SHARDS - 1 }, (_, i) => i + 1) },
      );
      return [
        {
          what: 'clients with a new connection after its return with its count',
          value: figureOf(copied, 'clients with a new'),
          bound: { atMost: 0 },
        },
        ...copied,
        ...rendered,
        {
          what: 'shards after its return from the chart, off by',
          value: Math.abs((await replicas(stage)) - SHARDS),
          bound: { atMost: 0 },
        },
      ];
    },
  },
];

function figureOf(figures: readonly Figure[], start: string): number {
  return figures.find(({ what }) => what.startsWith(start))?.value ?? NaN;
}

type Values = ReturnType<Stage['values']>;

function withAnnotation(values: Values, text: string): unknown {
  return { ...values, im: { ...values.im, podAnnotations: { 'flotilla.im/test': text } } };
}

/** Of the shards only, which are what people are connected to. */
function withBadImage(values: Values): unknown {
  return { ...values, im: { ...values.im, image: { tag: 'there-is-no-such-tag' } } };
}

async function replicas(stage: Stage): Promise<number> {
  return (await stage.statefulSet()).spec.replicas;
}

/** Shards after an upgrade with Helm 3; nothing where there is none. */
async function withHelm3(stage: Stage, values: unknown): Promise<number[]> {
  const { helm3 } = stage.env.programs;
  if (helm3 === null) return [];
  await new Helm(helm3, NAMESPACE).upgrade(RELEASE, values, true);
  return [await replicas(stage)];
}

/** The rollout to the next version and back, each under load. */
async function playVersions(stage: Stage): Promise<Figure[]> {
  const figures: Figure[] = [];
  const leavers = Array.from({ length: SHARDS }, (_, i) => i);
  for (const tag of [stage.images.nextTag, stage.images.tag]) {
    const observation = await observe(stage, {
      act: () => stage.helm.upgrade(RELEASE, stage.values(tag), false),
      over: async () => {
        await stage.untilRolledOut(SHARDS);
        await stage.kubectl.run(['rollout', 'status', `deployment/${FULLNAME}-operator`, '--timeout=120s']);
      },
    });
    const { schema } = stage.maps.current.map;
    figures.push(
      {
        what: `schema of the map with ${tag === stage.images.tag ? 'this' : 'the next'} version`,
        value: schema,
        bound: null,
      },
      ...figuresOf(observation, { gapMs: PLANNED_GAP_MS, leavers }),
    );
  }
  return figures;
}

/** Pods of shards whose container cannot be made. */
async function waitingPods(stage: Stage): Promise<string[]> {
  const { items } = (await stage.kubectl.get('pods', '-l', 'app.kubernetes.io/component=im')) as {
    items: {
      metadata: { name: string };
      status: { containerStatuses?: { state: { waiting?: { reason: string } } }[] };
    }[];
  };
  const isWaiting = (reason: string | undefined): boolean => reason === 'ErrImagePull' || reason === 'ImagePullBackOff';
  return items
    .filter(({ status }) => status.containerStatuses?.some(({ state }) => isWaiting(state.waiting?.reason)))
    .map(({ metadata }) => metadata.name);
}
