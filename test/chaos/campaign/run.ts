import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openJournal, monotonicMs } from '../journal/writer.ts';
import type { Sample } from '../journal/record.ts';
import type { Load, Mutant } from '../load/load.ts';
import { startLoad } from '../load/start-load.ts';
import type { Verdict } from '../observer/verdict.ts';
import { startSystem } from '../system/start-system.ts';
import type { System } from '../system/system.ts';
import { FindingsBook, withFindings } from './findings.ts';
import { judge } from './judge.ts';
import { play } from './play.ts';
import { startSampler } from './sampler.ts';
import type { Schedule } from './schedule.ts';
import { clientCount, type LoadSize } from './settings.ts';
import { SHARDS } from '../faults/scaling.ts';

/** One run: a schedule under a load, and what is planted. */
export interface RunSettings {
  readonly schedule: Schedule;
  readonly load: LoadSize;
  readonly mutant: Mutant | null;
  /** Journals and logs; made when it is missing, and left. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly teller: Teller;
}

/** Who hears how a run goes. */
export interface Teller {
  readonly note: (text: string) => void;
  readonly fault: (name: string, what: 'begin' | 'end', detail: string) => void;
}

/** What came of it. */
export interface RunResult {
  readonly verdict: Verdict;
  /** All that the sampler saw. */
  readonly samples: readonly Sample[];
}

/** How long nothing may arrive until the load counts as settled, and how long that is waited for at most. */
const QUIET_MS = 1_500;
const SETTLE_MS = 30_000;

/**
 * Starts everything, plays the schedule, ends everything, and has the observer judge. Whatever happens, all that was
 * started is ended.
 *
 * @throws the signal's reason when it is broken off; Error when something cannot be started
 */
export async function runChaos(settings: RunSettings): Promise<RunResult> {
  const journals = join(settings.folder, 'journals');
  await mkdir(journals, { recursive: true });
  const findings = new FindingsBook();
  const samples = await underLoad(settings, journals, findings);
  settings.signal.throwIfAborted();
  settings.teller.note('everything has ended; the observer judges');
  const verdict = await judge(journals, join(settings.folder, 'verdict.json'), settings.signal);
  return { verdict: withFindings(verdict, findings), samples };
}

/** The run itself; resolves when all its processes have ended, to what the sampler saw. */
async function underLoad(settings: RunSettings, journals: string, findings: FindingsBook): Promise<readonly Sample[]> {
  const { schedule, signal, teller } = settings;
  const ends = new AsyncDisposableStack();
  try {
    const journal = openJournal(journals, 'campaign');
    ends.defer(() => journal.close());
    const system = await startSystem({
      topology: schedule.topology,
      shards: SHARDS,
      folder: join(settings.folder, 'system'),
      keepsFolder: true,
    });
    ends.defer(() => system.close());
    teller.note(`${SHARDS} shards, an operator and Redis (${schedule.topology}) run`);
    signal.throwIfAborted();
    const load = await startLoad(loadSettings(settings, system, journals));
    ends.defer(() => load.close());
    await load.start();
    teller.note(`${clientCount(settings.load)} clients are connected`);
    const sampler = startSampler(system, monotonicMs, (sample) => journal.write(sample));
    ends.defer(() => sampler.close());
    const clients = clientCount(settings.load);
    const scene = { system, load, clients, findings, signal, ...teller };
    journal.write(['phase', monotonicMs(), 0, 'start', []]);
    load.resume();
    await play({ ...scene, nowMs: monotonicMs, record: (record) => journal.write(record) }, schedule);
    await comeToRest(load);
    return sampler.samples;
  } finally {
    await ends.disposeAsync();
  }
}

/** No new message; those that were accepted have their time to arrive. */
async function comeToRest(load: Load): Promise<void> {
  load.pause();
  await load.settle(QUIET_MS, SETTLE_MS);
}

function loadSettings({ load, mutant }: RunSettings, system: System, journals: string) {
  return {
    ...load,
    mutant,
    journals,
    cluster: system.cluster,
    redisUrl: system.redis.url,
    tokenKeysFile: system.tokenKeysFile,
  };
}
