import { installPlatform } from './platform/platform.ts';
import { installSignatures } from './platform/signatures.ts';
import type { Schedule } from './schedule/action.ts';
import { generateSchedule } from './schedule/generate.ts';
import { shrink } from './schedule/shrink.ts';
import { type Outcome, simulate } from './schedule/simulate.ts';
import type { World } from './world/world.ts';

const real = { setImmediate: globalThis.setImmediate, now: performance.now.bind(performance) };

interface Options {
  readonly first: number;
  readonly schedules: number;
  readonly trace: boolean;
}

function optionsOf(args: readonly string[]): Options {
  const number = (name: string): number | undefined => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : Number(args[at + 1]);
  };
  const seed = number('--seed');
  return { first: seed ?? 1, schedules: number('--schedules') ?? (seed === undefined ? 1_000 : 1), trace: args.includes('--trace') };
}

/** Runs schedules, and says which failed. */
export async function main(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  const inWorld: { world: World | null } = { world: null };
  await installSignatures();
  installPlatform(() => {
    if (inWorld.world === null) throw new Error('there is no world');
    return inWorld.world.loop;
  });
  const run = (schedule: Schedule, isTraced = false): Outcome =>
    simulate(schedule, (world) => void (inWorld.world = world), isTraced ? print : undefined);
  await new Promise<void>((resolve) => real.setImmediate(resolve));
  real.setImmediate(() => runAll(options, run));
}

function runAll({ first, schedules, trace }: Options, run: (schedule: Schedule, isTraced?: boolean) => Outcome): void {
  const startedMs = real.now();
  let simulatedMs = 0;
  let steps = 0;
  let failed = 0;
  for (let seed = first; seed < first + schedules; seed++) {
    const schedule = generateSchedule(seed);
    const outcome = run(schedule, trace);
    simulatedMs += outcome.simulatedMs;
    steps += outcome.steps;
    if (outcome.violation === null) continue;
    failed += 1;
    process.stdout.write(`seed ${seed}: ${outcome.violation.message.slice(0, 1500)}\n`);
    if (failed >= 20) break;
  }
  void shrink;
  const ms = real.now() - startedMs;
  process.stdout.write(`${schedules} schedules, ${failed} failed, ${Math.round(ms)} ms, ${(ms / schedules).toFixed(1)} ms each, ${Math.round(simulatedMs / schedules)} simulated ms and ${Math.round(steps / schedules)} steps each\n`);
}

function print(nowMs: number, who: string, what: string): void {
  process.stdout.write(`${nowMs.toFixed(1).padStart(9)} ${who}: ${what}\n`);
}
