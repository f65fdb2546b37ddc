// npm run test:cluster: the released images, installed with Helm on a real Kubernetes cluster, disturbed under load.
import { parseArgs } from 'node:util';
import { ENVIRONMENT_HELP, parseEnvironment } from './environment.ts';
import { type Figure, formatOutcome, formatTable, hasPassed, type Outcome, summaryOf } from './measure/figure.ts';
import { playChart } from './scenarios/chart.ts';
import { Kubectl } from './programs/kubectl.ts';
import { HELM_SCENARIOS } from './scenarios/helm.ts';
import { playInstalled, playUninstall, REST_SCENARIO } from './scenarios/install.ts';
import { NODE_SCENARIOS } from './scenarios/nodes.ts';
import { OPERATOR_SCENARIOS } from './scenarios/operators.ts';
import { playUntilMeasured } from './scenarios/play-again.ts';
import { POD_SCENARIOS } from './scenarios/pods.ts';
import { REDIS_SCENARIOS } from './scenarios/redis.ts';
import { playReleases } from './scenarios/releases.ts';
import { SCALE_SCENARIOS } from './scenarios/scale.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { prepareImages } from './stage/images.ts';
import { FULL_LOAD, type LoadSize } from './stage/load-pod.ts';
import { isHome } from './stage/map-watch.ts';
import { SHARDS, Stage, type StageParts } from './stage/stage.ts';

/** Played in this order on one release under load. */
const UNDER_LOAD: readonly Scenario[] = [
  REST_SCENARIO,
  ...SCALE_SCENARIOS,
  ...POD_SCENARIOS,
  ...OPERATOR_SCENARIOS,
  ...REDIS_SCENARIOS,
  ...HELM_SCENARIOS,
  ...NODE_SCENARIOS,
];
const NAMES = ['chart', 'install', ...UNDER_LOAD.map(({ name }) => name), 'uninstall', 'releases'];

const USAGE = `Tests Flotilla on a Kubernetes cluster, and prints every figure beside its bound.

  npm run test:cluster [-- name …]

  name    one of these; without a name all of them. "install" and "uninstall" always frame what is played under load.
          ${NAMES.join(', ')}
  --keep  leaves the release and its load running, and goes on with those that an earlier run left
  --load PERCENT  of the full load, to try something on a machine that is too small for it
  --help

Environment:
${ENVIRONMENT_HELP}

Exit code 0: every bound kept; 1: one missed; 2: bad arguments or environment. A bound on time that was missed while
the host gave too much of the machine to others is shown with a question mark; what is played under load is then played
again, at most twice.`;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      help: { type: 'boolean' },
      keep: { type: 'boolean', default: false },
      load: { type: 'string', default: '100' },
    },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const unknown = positionals.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) throw new RangeError(`there is no ${unknown.join(', ')}; --help lists the names`);
  const env = readEnvironment();
  const names = positionals.length === 0 ? NAMES : positionals;
  const outcomes: Outcome[] = [];
  const play: Play = async (name, scenario, skipped) => {
    const outcome = skipped === undefined ? await playOne(name, scenario) : leftOut(name, skipped);
    say(formatOutcome(outcome));
    outcomes.push(outcome);
    return outcome.failure === undefined;
  };
  if (names.includes('chart')) await play('chart', () => playChart(env));
  const images = await prepareImages(env, say);
  const kubectl = await Kubectl.open(env.programs.kubectl);
  try {
    if (names.some((name) => !['chart', 'releases'].includes(name))) {
      await playUnderLoad({ env, kubectl, images, names, isKept: values.keep, size: shareOfLoad(values.load) }, play);
    }
    if (names.includes('releases')) await play('releases', () => playReleases(env, kubectl, images));
  } finally {
    kubectl.close();
  }
  process.stdout.write(`\n${formatTable(outcomes)}\n\n${summaryOf(outcomes)}\n`);
  return outcomes.every(hasPassed) ? 0 : 1;
}

/** Plays one and tells what came of it; whether it was carried through. `skipped`: why it is left out. */
type Play = (name: string, scenario: () => Promise<Figure[]>, skipped?: string) => Promise<boolean>;

interface Wanted extends StageParts {
  readonly names: readonly string[];
  readonly isKept: boolean;
}

/** One release for all that is played under load; a scenario that breaks off does not end the others. */
async function playUnderLoad({ names, isKept, ...parts }: Wanted, play: Play): Promise<void> {
  const opened: Stage[] = [];
  const isInstalled = await play('install', async () => {
    const stage = (isKept ? await Stage.find(parts) : null) ?? (await Stage.open(parts));
    opened.push(stage);
    return playInstalled(stage);
  });
  const [stage] = opened;
  if (stage === undefined) return;
  try {
    if (!isInstalled) return;
    for (const scenario of UNDER_LOAD.filter(({ name }) => names.includes(name))) {
      const skipped = scenario.lacks?.(stage);
      await play(scenario.name, () => playUntilMeasured(() => playFrom(stage, scenario)), skipped);
    }
    if (!isKept) await play('uninstall', () => playUninstall(stage));
  } finally {
    await stage.close(isKept);
  }
}

/** Whatever the scenario before left behind, this one finds what it expects. */
async function playFrom(stage: Stage, { from = SHARDS, play }: Scenario): Promise<Figure[]> {
  if (!isHome(stage.maps.current, from)) await stage.scale(from);
  await stage.untilHome(from, 180_000);
  await stage.untilServed(60_000);
  return play(stage);
}

function shareOfLoad(percent: string): LoadSize {
  const share = Number(percent) / 100;
  if (!(share > 0 && share <= 1)) throw new RangeError(`--load ${percent} is no percentage`);
  const part = (count: number): number => Math.ceil(count * share);
  return {
    v1: part(FULL_LOAD.v1),
    plain: part(FULL_LOAD.plain),
    socketIo: part(FULL_LOAD.socketIo),
    channels: part(FULL_LOAD.channels),
    inboxPerSecond: part(FULL_LOAD.inboxPerSecond),
    channelPerSecond: part(FULL_LOAD.channelPerSecond),
  };
}

function leftOut(scenario: string, skipped: string): Outcome {
  return { scenario, seconds: 0, figures: [], skipped };
}

async function playOne(scenario: string, play: () => Promise<Figure[]>): Promise<Outcome> {
  const startedMs = performance.now();
  const seconds = (): number => (performance.now() - startedMs) / 1_000;
  try {
    const figures = await play();
    return { scenario, seconds: seconds(), figures };
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { scenario, seconds: seconds(), figures: [], failure };
  }
}

type Environment = ReturnType<typeof parseEnvironment>;

function readEnvironment(): Environment {
  try {
    return parseEnvironment(process.env);
  } catch (error) {
    throw new RangeError(`${(error as Error).message}\n\n${ENVIRONMENT_HELP}`, { cause: error });
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(error instanceof RangeError ? error.message : String(error instanceof Error ? error.stack : error));
    process.exit(error instanceof RangeError ? 2 : 1);
  },
);
