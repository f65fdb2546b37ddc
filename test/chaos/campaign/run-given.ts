import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Given, Output } from '../arguments.ts';
import type { Verdict } from '../observer/verdict.ts';
import { writeReport } from '../report/assets.ts';
import { lookOf } from '../report/terminal.ts';
import { Timeline } from '../report/timeline.ts';
import { CASES, type Judge } from './cases.ts';
import { describeRun } from './description.ts';
import { withFindings, FindingsBook } from './findings.ts';
import { runChaos } from './run.ts';
import { runMutants } from './run-mutants.ts';
import { CAMPAIGN_MS, createSchedule, type Schedule, scheduleOf } from './schedule.ts';
import { CAMPAIGN_LOAD, CAMPAIGN_PACE, type LoadSize } from './settings.ts';

/** What can be run. */
export type Runnable = Exclude<Given, { task: 'help' | 'list' }>;

/** Where a run is told. */
export interface Telling {
  readonly isJson: boolean;
  readonly lines: NodeJS.WriteStream;
  /** Takes the verdict as JSON. */
  readonly verdict: (json: string) => void;
}

/** Runs what is asked for, tells it as it goes, and writes its report. Resolves to whether everything held. */
export async function runGiven(given: Runnable, signal: AbortSignal, telling: Telling): Promise<boolean> {
  const seed = given.seed ?? Math.floor(Math.random() * 1_000_000) + 1;
  if (given.task === 'mutants') return runMutants(given.names, seed, resolve(given.output.reports), signal, telling);
  return runOne(wantedOf(given, seed), given.output, signal, telling);
}

/** A run with all that makes it what it is. */
interface Wanted {
  /** Names its files. */
  readonly name: string;
  readonly command: string;
  readonly schedule: Schedule;
  readonly load: LoadSize;
  readonly pacePerSecond: number | undefined;
  readonly drainMs: number | undefined;
  readonly hasLinks: boolean;
  readonly judge: Judge | undefined;
}

function wantedOf(given: Exclude<Runnable, { task: 'mutants' }>, seed: number): Wanted {
  if (given.task === 'case') {
    const found = CASES.find(({ name }) => name === given.name);
    if (found === undefined) throw new RangeError(`there is no case "${given.name}"`);
    const { name, load, pacePerSecond, drainMs, hasLinks } = found;
    const minutes = given.minutes === null ? '' : ` --minutes ${given.minutes}`;
    const command = `npm run chaos -- --case ${name} --seed ${seed}${minutes}`;
    return {
      name: `${name}-${seed}`,
      command,
      schedule: found.schedule(seed, given.minutes),
      load,
      pacePerSecond,
      drainMs,
      hasLinks,
      judge: found.judge,
    };
  }
  const { steps, seconds } = given;
  const withinMs = seconds === null ? CAMPAIGN_MS : seconds * 1_000;
  const schedule = steps === null ? createSchedule(seed, withinMs) : scheduleOf(seed, steps);
  const names = steps?.map((kinds) => kinds.map(({ name }) => name).join('+')).join(',');
  const options = (names === undefined ? '' : ` --faults ${names}`) + (seconds === null ? '' : ` --seconds ${seconds}`);
  const command = `npm run chaos -- --seed ${seed}${options}`;
  return {
    name: String(seed),
    command,
    schedule,
    load: CAMPAIGN_LOAD,
    pacePerSecond: CAMPAIGN_PACE,
    drainMs: undefined,
    hasLinks: true,
    judge: undefined,
  };
}

async function runOne(wanted: Wanted, output: Output, signal: AbortSignal, telling: Telling): Promise<boolean> {
  const { name, command, schedule, load, pacePerSecond, drainMs, hasLinks } = wanted;
  const [reports, startedAt] = [resolve(output.reports), new Date()];
  const folder = join(reports, `chaos-${name}-${startedAt.toISOString().replaceAll(':', '-')}`);
  await mkdir(folder, { recursive: true });
  const beganMs = performance.now();
  const timeline = new Timeline(telling.lines, {
    look: lookOf(telling.lines, process.env),
    faults: schedule.steps.flatMap(({ faults }) => faults).length,
    nowS: () => (performance.now() - beganMs) / 1_000,
  });
  timeline.note(`seed ${schedule.seed}, about ${Math.round(schedule.plannedMs / 1_000)} s: ${command}`);
  const ran = await runChaos({
    schedule,
    load,
    pacePerSecond,
    drainMs,
    hasLinks,
    mutant: null,
    folder,
    signal,
    teller: timeline,
  });
  const { verdict: seen, redisVersion } = ran;
  const verdict = withJudged(seen, wanted.judge?.(seen) ?? []);
  const report = join(reports, `chaos-report-${name}.html`);
  const run = describeRun({ schedule, load, command, startedAt, redisVersion }, verdict);
  await writeReport(report, run, verdict);
  timeline.done(run, verdict, report);
  if (telling.isJson) telling.verdict(JSON.stringify(verdict));
  const isKept = output.isKept || !verdict.passed;
  if (isKept) timeline.note(`journals and logs: ${folder}`);
  else await rm(folder, { recursive: true, force: true });
  return verdict.passed;
}

function withJudged(verdict: Verdict, figures: Verdict['figures']): Verdict {
  const book = new FindingsBook();
  for (const figure of figures) book.figure(figure);
  return withFindings(verdict, book);
}
