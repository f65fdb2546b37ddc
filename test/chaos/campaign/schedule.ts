import { Chance } from '../../simulation/platform/chance.ts';
import type { Deal, FaultKind, Plan } from '../faults/fault.ts';
import { FAULTS } from '../faults/faults.ts';
import { shuffled } from '../faults/shuffled.ts';
import { SHARDS } from '../faults/scaling.ts';
import type { Excuse } from '../journal/record.ts';
import type { System } from '../system/system.ts';

type Topology = System['redis']['topology'];

/** A fault as planned. */
export interface PlannedFault {
  readonly name: string;
  readonly plan: Plan;
}

/** What happens at once, and what it excuses until the next step. */
export interface Step {
  readonly name: string;
  readonly faults: readonly PlannedFault[];
  readonly excuses: readonly Excuse[];
  /** Nothing happens for so long once the system is whole again. */
  readonly calmMs: number;
  /** About how long it takes with all that follows from it; milliseconds. */
  readonly plannedMs: number;
}

/** All that happens in a run. The same seed gives the same one. */
export interface Schedule {
  readonly seed: number;
  readonly topology: Topology;
  readonly steps: readonly Step[];
  /** With the start and the end of the run. */
  readonly plannedMs: number;
}

/** A full campaign takes at most this long, as planned. */
export const CAMPAIGN_MS = 280_000;
/** To start the system and its load, to let the last messages arrive, and to judge. */
export const AROUND_MS = 45_000;
/** Of the steps of a seed, this share is two faults at once. */
const TOGETHER = 0.35;

/** Every third seed has a Redis with a replica and Sentinel. */
export function topologyOf(seed: number): Topology {
  return seed % 3 === 0 ? 'sentinel' : 'single';
}

/**
 * The schedule of a seed: a deck of all faults that its topology knows, shuffled, from the top as long as they fit. What only
 * a Sentinel can show comes first where there is one.
 */
export function createSchedule(seed: number, withinMs = CAMPAIGN_MS): Schedule {
  const topology = topologyOf(seed);
  const chance = new Chance(seed, 'chaos');
  const deal = createDeal(chance);
  const known = FAULTS.filter((fault) => fault.topology === undefined || fault.topology === topology);
  const own = known.filter((fault) => fault.topology === 'sentinel');
  const deck = [...shuffled(own, chance), ...shuffled(without(known, own), chance)];
  const steps: Step[] = [];
  let plannedMs = AROUND_MS;
  while (deck.length > 0) {
    const kinds = draw(deck, chance);
    const step = createStep(kinds, deal);
    if (plannedMs + step.plannedMs > withinMs) continue;
    plannedMs += step.plannedMs;
    steps.push(step);
  }
  return { seed, topology, steps: shuffled(steps, chance), plannedMs };
}

/**
 * The schedule of these faults, in this order; those that stand together happen at once. The seed still decides victims
 * and lengths, and the topology where the faults leave it open.
 *
 * @throws RangeError when they need different topologies
 */
export function scheduleOf(seed: number, steps: readonly (readonly FaultKind[])[]): Schedule {
  const topology = neededTopology(steps) ?? topologyOf(seed);
  const deal = createDeal(new Chance(seed, 'chaos'));
  const created = steps.map((kinds) => createStep(kinds, deal));
  const plannedMs = created.reduce((sum, step) => sum + step.plannedMs, AROUND_MS);
  return { seed, topology, steps: created, plannedMs };
}

/**
 * The topology that these faults can happen in; null: any.
 *
 * @throws RangeError when they need different ones
 */
export function neededTopology(steps: readonly (readonly FaultKind[])[]): Topology | null {
  const needed = new Set(steps.flat().flatMap(({ topology }) => topology ?? []));
  if (needed.size > 1) throw new RangeError('some of these faults need Sentinel, and others a single Redis');
  return [...needed][0] ?? null;
}

/** A step of faults whose plans are made. */
export function createStep(kinds: readonly FaultKind[], deal: Deal): Step {
  const faults = kinds.map((kind) => ({ name: kind.name, plan: kind.plan(deal) }));
  const calmMs = Math.round(deal.chance.between(2_000, 3_000));
  const worksMs = Math.max(...faults.map(({ plan }) => plan.lastsMs + plan.healsMs));
  return {
    name: faults.map(({ name }) => name).join(' + '),
    faults,
    excuses: excusesOf(kinds),
    calmMs,
    plannedMs: worksMs + calmMs,
  };
}

/** Where plans of this seed take their chances from. */
export function createDeal(chance: Chance): Deal {
  let victim = chance.below(SHARDS);
  return { chance, nextVictim: () => (victim = (victim + 1) % SHARDS) };
}

/** What each excuses; and where both clients and what they come back to are struck, clients may be kept away past their grace. */
function excusesOf(kinds: readonly FaultKind[]): Excuse[] {
  const isReturnBarred =
    kinds.length > 1 &&
    kinds.some(({ parts }) => parts.includes('clients')) &&
    kinds.some(({ parts }) => parts.includes('redis') || parts.includes('shards'));
  const own = kinds.flatMap(({ excuses }) => excuses);
  return [...new Set<Excuse>(isReturnBarred ? [...own, 'clients-offline'] : own)];
}

/** Takes the next one from the deck, and now and then another one that goes with it. */
function draw(deck: FaultKind[], chance: Chance): FaultKind[] {
  const first = deck.shift();
  if (first === undefined) return [];
  if (!chance.happens(TOGETHER)) return [first];
  const at = deck.findIndex(({ parts }) => !parts.some((part) => first.parts.includes(part)));
  return at < 0 ? [first] : [first, ...deck.splice(at, 1)];
}

function without<T>(all: readonly T[], some: readonly T[]): T[] {
  return all.filter((one) => !some.includes(one));
}
