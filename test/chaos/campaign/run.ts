import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openJournal, monotonicMs } from '../journal/writer.ts';
import type { JournalRecord } from '../journal/record.ts';
import type { Load, LoadSettings, Mutant } from '../load/load.ts';
import { startLoad } from '../load/start-load.ts';
import type { Verdict } from '../observer/verdict.ts';
import { startSystem } from '../system/start-system.ts';
import type { System } from '../system/system.ts';
import { DEFAULT_OPTIONS } from '../observer/options.ts';
import { FindingsBook, withFindings } from './findings.ts';
import { judge } from './judge.ts';
import { lookForLeftovers } from './leftovers.ts';
import { play } from './play.ts';
import { startSampler } from './sampler.ts';
import type { Schedule } from './schedule.ts';
import { clientCount, type LoadSize } from './settings.ts';
import { MOST_SHARDS, SHARDS } from '../faults/scaling.ts';

/** One run: a schedule under a load, and what is planted. */
export interface RunSettings {
  readonly schedule: Schedule;
  readonly load: LoadSize;
  /** Whether there are links between the parts of the system, which can misbehave; default true. */
  readonly hasLinks?: boolean;
  readonly mutant: Mutant | null;
  /** Arrivals that each shard is configured to take a second; default: what a shard takes that is not configured. */
  readonly pacePerSecond?: number | undefined;
  /** How long each shard may take to hand its clients over; default: what a process has that is not configured. */
  readonly drainMs?: number | undefined;
  /** Whether shards and operator run as their images have them; default true. */
  readonly isReleased?: boolean;
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
  /** Of the Redis that was used. */
  readonly redisVersion: string;
}

const DEFAULT_PACE = DEFAULT_OPTIONS.pacePerSecond;
/** Before the first step: transports are upgraded by then, and everybody has heard something. */
const CALM_MS = 3_000;
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
  const seen = await underLoad(settings, journals, findings);
  settings.signal.throwIfAborted();
  settings.teller.note('everything has ended; the observer judges');
  const { folder, signal, pacePerSecond = DEFAULT_PACE } = settings;
  const verdict = await judge(journals, join(folder, 'verdict.json'), signal, { pacePerSecond });
  return { ...seen, verdict: withFindings(verdict, findings) };
}

/** The run itself; resolves when all its processes have ended. */
async function underLoad(
  settings: RunSettings,
  journals: string,
  findings: FindingsBook,
): Promise<Omit<RunResult, 'verdict'>> {
  const { schedule, signal, teller } = settings;
  const ends = new AsyncDisposableStack();
  try {
    const journal = openJournal(journals, 'campaign');
    ends.defer(() => journal.close());
    const record = (entry: JournalRecord): void => journal.write(entry);
    const { system, load, leave } = await startAll(settings, journals, ends);
    const redisVersion = await system.redis.version();
    system.shards.onEpoch((epoch) => record(['sample', monotonicMs(), 'epoch', epoch]));
    const sampler = startSampler(system, monotonicMs, record);
    ends.defer(() => sampler.close());
    record(['phase', monotonicMs(), 0, 'start', []]);
    load.resume();
    await sleep(CALM_MS, undefined, { signal });
    const { load: size, pacePerSecond = DEFAULT_PACE } = settings;
    await play(
      {
        system,
        load,
        clients: clientCount(size),
        pacePerSecond,
        findings,
        signal,
        ...teller,
        nowMs: monotonicMs,
        record,
      },
      schedule,
    );
    await load.settle(QUIET_MS, SETTLE_MS);
    record(['phase', monotonicMs(), schedule.steps.length + 1, 'end', []]);
    await leave();
    for (const figure of await lookForLeftovers(system)) findings.figure(figure);
    return { redisVersion };
  } finally {
    await ends.disposeAsync();
  }
}

interface Started {
  readonly system: System;
  readonly load: Load;
  /** Ends the load; what is called at the end anyway then does nothing. */
  readonly leave: () => Promise<void>;
}

/** The system, and everybody connected to it. */
async function startAll(settings: RunSettings, journals: string, ends: AsyncDisposableStack): Promise<Started> {
  const {
    schedule,
    hasLinks = true,
    signal,
    teller,
    pacePerSecond = DEFAULT_PACE,
    drainMs,
    isReleased = true,
  } = settings;
  const folder = join(settings.folder, 'system');
  const system = await startSystem({
    topology: schedule.topology,
    hasLinks,
    shards: SHARDS,
    mostShards: MOST_SHARDS,
    folder,
    keepsFolder: true,
    isReleased,
    limits: {
      FLOTILLA_LIMIT_HANDSHAKES_PER_SECOND: pacePerSecond,
      ...(drainMs === undefined ? {} : { FLOTILLA_LIMIT_DRAIN_MS: drainMs }),
    },
  });
  ends.defer(() => system.close());
  teller.note(`${SHARDS} shards, an operator and Redis (${schedule.topology}) run`);
  signal.throwIfAborted();
  const load = await startLoad(loadSettings(settings, system, journals));
  const leave = once(() => load.close());
  ends.defer(leave);
  await load.start();
  signal.throwIfAborted();
  teller.note(`${clientCount(settings.load)} clients are connected`);
  return { system, load, leave };
}

function loadSettings({ load, mutant, schedule }: RunSettings, system: System, journals: string): LoadSettings {
  return {
    ...load,
    seed: schedule.seed,
    mutant,
    journals,
    cluster: system.cluster,
    redisUrl: system.redis.url,
    tokenKeysFile: system.tokenKeysFile,
  };
}

/** The first call's outcome is everybody's. */
function once(act: () => Promise<void>): () => Promise<void> {
  let acted: Promise<void> | null = null;
  return () => (acted ??= act());
}
