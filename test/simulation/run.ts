import type { Given } from './arguments.ts';
import { installPlatform, realNowMs, realSetImmediate } from './platform/platform.ts';
import { installHashes, installSignatures } from './platform/signatures.ts';
import type { Schedule, Step } from './schedule/action.ts';
import { generateSchedule } from './schedule/generate.ts';
import { KNOWN } from './schedule/known.ts';
import { shrink } from './schedule/shrink.ts';
import { type Outcome, simulate } from './schedule/simulate.ts';
import type { World } from './world/world.ts';

type Options = Extract<Given, { task: 'schedules' }>;
type Simulate = (schedule: Schedule, isTraced?: boolean) => Outcome;

/** Runs schedules until one fails. That one is made smaller, run again, and told; then the exit code is 1. */
export async function run(options: Options): Promise<void> {
  const inWorld: { world: World | null } = { world: null };
  await installSignatures();
  installHashes();
  installPlatform(() => {
    if (inWorld.world === null) throw new Error('there is no world');
    return inWorld.world.loop;
  });
  const simulateOne: Simulate = (schedule, isTraced = false) =>
    simulate(schedule, (world) => void (inWorld.world = world), isTraced ? printEvent : null);
  // Not within a promise job: the worlds run those themselves.
  realSetImmediate(() => runAll(options, simulateOne));
}

function runAll(options: Options, simulateOne: Simulate): void {
  const startedMs = realNowMs();
  const sums = { schedules: 0, simulatedMs: 0, steps: 0, messages: 0 };
  const isDone = (): boolean =>
    options.seconds === null ? sums.schedules >= options.schedules : realNowMs() - startedMs > options.seconds * 1_000;
  for (const schedule of schedulesOf(options)) {
    if (isDone()) break;
    const outcome = simulateOne(schedule, options.isTraced);
    sums.schedules += 1;
    sums.simulatedMs += outcome.simulatedMs;
    sums.steps += outcome.steps;
    sums.messages += outcome.messages;
    if (outcome.violation === null) continue;
    tellFailure(schedule, outcome, options, simulateOne);
    process.exitCode = 1;
    if (!options.isQuiet) break;
  }
  const ms = realNowMs() - startedMs;
  const each = (sum: number): string => Math.round(sum / sums.schedules).toLocaleString('en');
  print(
    `${sums.schedules} schedules in ${(ms / 1_000).toFixed(1)} s (${(ms / sums.schedules).toFixed(1)} ms each), of ` +
      `${each(sums.simulatedMs)} simulated ms, ${each(sums.steps)} steps and ${each(sums.messages)} messages on average`,
  );
}

/** What broke a promise once, then seed after seed. */
function* schedulesOf(options: Options): Generator<Schedule> {
  const known = options.first === 1 && options.steps === null ? KNOWN : [];
  for (const { seed, ...rest } of known) yield { ...generateSchedule(seed), ...rest };
  for (let seed = options.first; ; seed++) yield scheduleOf(seed, options);
}

function scheduleOf(seed: number, { steps }: Options): Schedule {
  const schedule = generateSchedule(seed);
  return steps === null ? schedule : { ...schedule, steps: JSON.parse(steps) as Step[] };
}

function tellFailure(schedule: Schedule, { violation }: Outcome, { isQuiet }: Options, simulateOne: Simulate): void {
  print(`seed ${schedule.seed}: ${violation?.message ?? ''}`);
  if (isQuiet) return;
  const smallest = shrink(schedule, (candidate) => simulateOne(candidate).violation?.rule === violation?.rule);
  const again = simulateOne(smallest);
  const isSame = again.violation?.message === simulateOne(smallest).violation?.message;
  print(`smallest: ${smallest.steps.length} of ${schedule.steps.length} steps: ${again.violation?.message ?? ''}`);
  print(isSame ? 'It fails each time alike. Replay:' : 'It does not fail each time alike. Replay:');
  print(`  npm run simulation -- --seed ${schedule.seed} --trace --steps '${JSON.stringify(smallest.steps)}'`);
}

function printEvent(nowMs: number, who: string, what: string): void {
  print(`${nowMs.toFixed(1).padStart(9)} ${who}: ${what}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
