import { Chance } from '../../simulation/platform/chance.ts';
import type { Deal, Plan } from '../faults/fault.ts';
import { stallReaders } from '../faults/readers.ts';
import { scaleTo } from '../faults/scaling.ts';
import { stormOf } from '../faults/storms.ts';
import { faultNamed } from '../faults/faults.ts';
import type { Figure, Verdict } from '../observer/verdict.ts';
import { AROUND_MS, createStep, createDeal, type Schedule, type Step } from './schedule.ts';
import { CAMPAIGN_LOAD, LARGE_LOAD, type LoadSize, SOAK_LOAD } from './settings.ts';
import { judgeFlat, leaveNowAndThen } from './soak.ts';
import { judgeStalled } from './stalled.ts';

/** Figures that only the whole run shows. */
export type Judge = (verdict: Verdict) => readonly Figure[];

/** A run of its own, with a load and a schedule of its own. */
export interface Case {
  readonly name: string;
  readonly what: string;
  readonly load: LoadSize;
  /** Arrivals that each shard is configured to take a second; absent: the default. */
  readonly pacePerSecond?: number;
  /** How long each shard may take to hand its clients over; absent: the default of a process. */
  readonly drainMs?: number;
  /** Whether its faults need links between the parts of the system. At a large load they would take half of the machine. */
  readonly hasLinks: boolean;
  /** @param minutes - how long, where the case leaves that open; null: its default */
  schedule(seed: number, minutes: number | null): Schedule;
  readonly judge?: Judge;
}

const SOAK_MINUTES = 60;
/** A busy machine takes its time with moves. */
const HOME_MS = 60_000;

/** What the chart gives a pod by default: its grace period without the sleep before it and what is kept for its end. */
const CHART_DRAIN_MS = 67_000;

/** The cases that `--case` knows. */
export const CASES: readonly Case[] = Object.freeze([
  {
    name: 'scale-10k',
    what: '3 → 5 → 3 shards at 10,000 connections and 2,000 durable messages a second',
    load: LARGE_LOAD,
    drainMs: CHART_DRAIN_MS,
    hasLinks: false,
    schedule: (seed) => script(seed, [calm('before', 5_000), planned('scale', scaleTo([5, 3], 3_000, HOME_MS))]),
  },
  {
    name: 'rollout-10k',
    what: 'every shard is replaced, one after the other, at the same load',
    load: LARGE_LOAD,
    drainMs: CHART_DRAIN_MS,
    hasLinks: false,
    schedule: (seed) => script(seed, [calm('before', 5_000), faults('rollout')]),
  },
  {
    name: 'kill-10k',
    what: 'kill -9 of a shard at the same load',
    load: LARGE_LOAD,
    drainMs: CHART_DRAIN_MS,
    hasLinks: false,
    schedule: (seed) => script(seed, [calm('before', 5_000), faults('kill-shard')]),
  },
  {
    name: 'storm-10k',
    what: '10,000 clients lose their connections at once and come back, counted in Redis commands',
    load: LARGE_LOAD,
    drainMs: CHART_DRAIN_MS,
    hasLinks: false,
    schedule: (seed) => script(seed, [calm('before', 3_000), faults('storm-commands')]),
  },
  {
    name: 'stalled-readers',
    what: '5 % of the readers take nothing for 25 s: the others must not notice',
    load: CAMPAIGN_LOAD,
    hasLinks: true,
    schedule: (seed) =>
      script(seed, [
        calm('before', 25_000),
        planned('stalled-readers', stallReaders(0.05, 25_000)),
        calm('after', 25_000),
      ]),
    judge: judgeStalled,
  },
  {
    name: 'paced',
    what: 'all clients lose their connections at once, then every shard is replaced: at shards that take 60 arrivals a second',
    load: { ...CAMPAIGN_LOAD, connectPerSecond: 100 },
    hasLinks: true,
    pacePerSecond: 60,
    schedule: (seed) =>
      script(seed, [
        calm('before', 2_000),
        planned('storm', stormOf(1), 'storm'),
        faults('rollout'),
        calm('after', 2_000),
      ]),
  },
  {
    name: 'soak',
    what: 'an hour (--minutes) at a modest rate, while clients come and go: flat memory, flat latency, keys that do not pile up',
    load: SOAK_LOAD,
    hasLinks: true,
    schedule: (seed, minutes) =>
      script(seed, [calm('warm', 10_000), planned('soak', leaveNowAndThen((minutes ?? SOAK_MINUTES) * 60_000))]),
    judge: judgeFlat,
  },
] satisfies Case[]);

/** Steps that the seed only lends its pauses to. */
function script(seed: number, makers: readonly ((deal: Deal) => Step)[]): Schedule {
  const deal = createDeal(new Chance(seed, 'chaos'));
  const steps = makers.map((make) => make(deal));
  const plannedMs = steps.reduce((sum, step) => sum + step.plannedMs, AROUND_MS);
  return { seed, topology: 'single', steps, plannedMs };
}

/** A fault as campaigns have it. */
function faults(name: string): (deal: Deal) => Step {
  return (deal) => createStep([faultNamed(name)], deal);
}

/** @param as - the fault whose excuses hold; absent: none */
function planned(name: string, plan: Plan, as?: string): (deal: Deal) => Step {
  const excuses = as === undefined ? [] : faultNamed(as).excuses;
  return (deal) => createStep([{ name, what: '', held: '', excuses, parts: [], plan: () => plan }], deal);
}

function calm(name: string, calmMs: number): () => Step {
  return () => ({ name, faults: [], excuses: [], calmMs, plannedMs: calmMs });
}
