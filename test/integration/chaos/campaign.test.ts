import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runChaos, type RunResult } from '../../chaos/campaign/run.ts';
import { createDeal, type Schedule, type Step } from '../../chaos/campaign/schedule.ts';
import type { LoadSize } from '../../chaos/campaign/settings.ts';
import type { Plan } from '../../chaos/faults/fault.ts';
import { faultNamed } from '../../chaos/faults/faults.ts';
import { resetAll } from '../../chaos/faults/redis-gone.ts';
import { scaleTo } from '../../chaos/faults/scaling.ts';
import type { Excuse } from '../../chaos/journal/record.ts';
import { observe } from '../../chaos/observer/observe.ts';
import { DEFAULT_OPTIONS, type ObserverOptions } from '../../chaos/observer/options.ts';
import type { Verdict } from '../../chaos/observer/verdict.ts';
import { Chance } from '../../simulation/platform/chance.ts';

const LOAD: LoadSize = {
  clients: { v1: 30, plain: 15, socketIo: 15 },
  clientsPerProcess: 60,
  channels: 4,
  inboxPerSecond: 60,
  channelPerSecond: 8,
  connectPerSecond: 200,
};
/** What is lost, doubled, out of order or untrue is so on the slowest machine; what is late is not looked at. */
const UNHURRIED: ObserverOptions = { ...DEFAULT_OPTIONS, lateMs: 60_000, moveGapMs: Infinity, slackMs: 15_000 };
const UNHURRIED_MS = 60_000;
const SEED = 1;

const resetOnce: Plan = { detail: 'once', lastsMs: 0, healsMs: 0, wholeWithinMs: UNHURRIED_MS, run: resetAll };

function step(name: string, plan: Plan, excuses: readonly Excuse[] = faultNamed(name).excuses): Step {
  const unhurried = { ...plan, wholeWithinMs: UNHURRIED_MS };
  return { name, faults: [{ name, plan: unhurried }], excuses, calmMs: 500, plannedMs: 0 };
}

function shortSchedule(): Schedule {
  const deal = createDeal(new Chance(SEED, 'chaos'));
  const steps = [
    step('scale', scaleTo([4, 3], 300)),
    step('kill-shard', faultNamed('kill-shard').plan(deal)),
    step('redis-resets', resetOnce),
  ];
  return { seed: SEED, topology: 'single', steps, plannedMs: 0 };
}

describe('a short campaign: scaled out and in, a shard killed, every connection to Redis reset', () => {
  let folder: string;
  let ran: RunResult;
  let verdict: Verdict;

  const valueOf = (phase: string, name: string): number | undefined =>
    verdict.figures.find((figure) => figure.phase === phase && figure.name === name)?.value;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flotilla-campaign-'));
    const teller = { note: () => undefined, fault: () => undefined };
    const { signal } = new AbortController();
    ran = await runChaos({
      schedule: shortSchedule(),
      load: LOAD,
      mutant: null,
      isReleased: false,
      folder,
      signal,
      teller,
    });
    verdict = observe(join(folder, 'journals'), UNHURRIED);
  }, 240_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('plays to its end under load', () => {
    expect(verdict.phases.map(({ name }) => name)).toEqual(['start', 'scale', 'kill-shard', 'redis-resets', 'end']);
    expect(verdict.clients).toEqual(LOAD.clients);
    expect(valueOf('start', 'accepted')).toBeGreaterThan(50);
    expect(valueOf('scale', 'delivered')).toBeGreaterThan(50);
    expect(valueOf('scale', 'delivery gap of moved clients, p99')).toBeDefined();
    expect(valueOf('kill-shard', 'delivery gap of moved clients, plain, p99')).toBeDefined();
  });

  test('loses, doubles and reorders nothing, closes nobody who did not move, and tells each coming and going once', () => {
    expect(verdict.violations).toEqual([]);
  });

  test('leaves no key of a client who is gone', () => {
    const left = ran.verdict.figures.filter(({ name }) => name.startsWith('keys left'));
    expect(left.map(({ name, value }) => [name, value])).toEqual(left.map(({ name }) => [name, 0]));
    expect(left.length).toBeGreaterThan(0);
  });
});
