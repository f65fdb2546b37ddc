import { slotOf } from '@flotilla-im/protocol';
import type { LoadReport } from '../load/ledger/report.ts';
import { isTaken } from '../../support/machine-use.ts';
import type { Figure } from '../measure/figure.ts';
import { type SlotChanges, slotChanges } from '../measure/slot-changes.ts';
import { PACE, type Stage } from './stage.ts';
import { until } from './until.ts';

/** What happens to the release while it is watched. */
export interface Disturbance {
  /** Causes it; resolves when it has been caused. */
  readonly act: () => Promise<unknown>;
  /** Resolves when all is well again. */
  readonly over: () => Promise<void>;
  /** How long what is due may take to arrive once all is well. Default 30,000. */
  readonly settleMs?: number;
}

/** What was seen of it. */
export interface Observation {
  readonly report: LoadReport;
  readonly changes: SlotChanges;
  /** When maps were published, in milliseconds of the window. */
  readonly mapsAtMs: readonly number[];
  /** From a pod's being Ready to the map that counts on it, in milliseconds. */
  readonly readyToMapMs: readonly number[];
  /** `flotilla.v1` clients that are served by another shard in the end than the one that owns their slot. */
  readonly leftBehind: number;
}

/** Disturbs the release under load and watches until all that was accepted has arrived, or should have. */
export async function observe(stage: Stage, { act, over, settleMs = 30_000 }: Disturbance): Promise<Observation> {
  const { load, maps, ready } = stage;
  const slots = await slotsOfClients(stage);
  // What an earlier disturbance still moves is none of this one's.
  await until('every client at its shard', settleMs, async () => ((await astray(stage, slots)) === 0 ? true : null));
  await load.tell('mark');
  await load.tell('resume');
  const fromMs = performance.now();
  await act();
  await over();
  await stage.untilServed(settleMs);
  await until('every client at its shard', settleMs, async () =>
    (await astray(stage, slots)) === 0 ? true : null,
  ).catch(() => undefined);
  await load.tell('pause');
  await untilArrived(stage, settleMs).catch(() => undefined);
  const report = await load.report();
  const leftBehind = await astray(stage, slots);
  await load.tell('resume');
  return {
    report,
    changes: slotChanges(maps.since(fromMs)),
    mapsAtMs: maps.since(fromMs).flatMap(({ seenMs }) => (seenMs > fromMs ? [seenMs - fromMs] : [])),
    readyToMapMs: ready.delaysSince(fromMs, maps.all),
    leftBehind,
  };
}

/** How many `flotilla.v1` clients another shard serves than the one that owns their slot. */
async function astray({ load, maps }: Stage, slots: readonly number[]): Promise<number> {
  const places = await load.places();
  const { owner } = maps.current;
  return slots.filter((slot, i) => places[i] !== owner[slot]).length;
}

/** The slot of each `flotilla.v1` client of the load. */
async function slotsOfClients(stage: Stage): Promise<number[]> {
  const { name } = await stage.load.status();
  return Array.from({ length: stage.size.v1 }, (_, i) => slotOf(`${name}-v1-${i}`));
}

async function untilArrived(stage: Stage, timeoutMs: number): Promise<void> {
  await until('the arrival of all messages', timeoutMs, async () => {
    const { lacking, unanswered } = await stage.load.status();
    return lacking === 0 && unanswered === 0 ? true : null;
  });
}

/** What a disturbance may do. */
export interface Allowed {
  /** Bound of the 99th percentile of the delivery gap of those that moved, and of all, in milliseconds; null: only told. */
  readonly gapMs: number | null;
  /** Shards that left: their connections may end whatever the slots do. */
  readonly leavers: readonly number[];
  /** Whether a shard may come home late on purpose, since it crashed before. Default false. */
  readonly mayLinger?: boolean;
}

const nothing = { atMost: 0 } as const;

/** The figures that every disturbance is held to. */
export function figuresOf(observation: Observation, { gapMs, leavers, mayLinger = false }: Allowed): Figure[] {
  const { report, changes, readyToMapMs, leftBehind } = observation;
  const { kinds, closes, peaks, ownDelayMs, machine, examples } = report;
  const all = [kinds.v1, kinds.plain, kinds.socketIo];
  const sum = (fault: 'lacking' | 'doubled' | 'reordered' | 'misled' | 'toldLost'): number =>
    all.reduce((total, kind) => total + kind[fault], 0);
  const stayed = closes.filter(({ shard }) => !leavers.includes(shard));
  const count = (some: typeof closes): number => some.reduce((total, close) => total + close.count, 0);
  const unmoved = stayed.filter(({ kind, slot }) => kind === 'v1' && !changes.moved.has(slot));
  const guests = stayed.filter(({ kind }) => kind !== 'v1');
  const peak = Math.max(0, ...peaks.map(({ perSecond }) => perSecond));
  return [
    { what: 'messages lost', value: sum('lacking') + sum('misled'), bound: nothing, detail: examples.join('; ') },
    { what: 'messages doubled', value: sum('doubled'), bound: nothing, detail: examples.join('; ') },
    { what: 'messages out of order', value: sum('reordered'), bound: nothing, detail: examples.join('; ') },
    { what: 'gaps told', value: sum('toldLost'), bound: nothing },
    { what: 'connections of unmoved slots closed', value: count(unmoved), bound: nothing, detail: told(unmoved) },
    {
      what: 'plain and Socket.IO connections of shards that stayed, closed',
      value: count(guests),
      bound: nothing,
      detail: told(guests),
    },
    { what: 'slots lent although their home was there', value: changes.lentNeedlessly, bound: nothing },
    { what: 'slots not at home in the end', value: changes.stillLent, bound: nothing },
    { what: 'slots, fullest less emptiest shard', value: changes.unevenness, bound: { atMost: 2 } },
    { what: 'flotilla.v1 clients that are not at their shard in the end', value: leftBehind, bound: nothing },
    ...timed(gapFigures(observation, gapMs), report),
    // A tenth of the pace may come at once.
    { what: 'arrivals at a shard within a second, most', value: peak, bound: { atMost: PACE * 1.1 } },
    ...timed(readyFigures(readyToMapMs, mayLinger), report),
    ...senderFigures(report),
    { what: "the observer's own timers late, p99 ms", value: ownDelayMs.p99, bound: null },
    ...machineFigures(machine),
  ];
}

/** How long clients waited for what was due to them. */
function gapFigures(observation: Observation, gapMs: number | null): Figure[] {
  const { movedGapMs: gap, moveGapMs, gapMs: ofAll } = observation.report.kinds.v1;
  const bound = gapMs === null ? null : { atMost: gapMs };
  return [
    { what: 'clients with a new connection', value: gap.count, bound: null },
    { what: 'delivery gap of these, p50 ms', value: gap.p50, bound: null },
    { what: 'delivery gap of these, p99 ms', value: gap.p99, bound, detail: toldGaps(observation) },
    { what: 'delivery gap of these, longest ms', value: gap.max, bound: null },
    { what: 'delivery gap around a new connection, p99 ms', value: moveGapMs.p99, bound: null },
    { what: 'delivery gap of all, p99 ms', value: ofAll.p99, bound },
  ];
}

/** Figures of time; where the host gave too much of the machine to others, a missed bound says so. */
export function timed(figures: readonly Figure[], { machine }: Pick<LoadReport, 'machine'>): Figure[] {
  if (machine === null || !isTaken(machine)) return [...figures];
  const { stolen, stolenAtWorst } = machine;
  const unmeasured = `not measured: the host gave ${stolen} % of the machine to others, in one second ${stolenAtWorst} %`;
  return figures.map((figure) => ({ ...figure, unmeasured }));
}

/** Whether the machine had the time that all of this takes; every delay grows with what its host gives to others. */
function machineFigures(machine: LoadReport['machine']): Figure[] {
  if (machine === null) return [];
  return [
    { what: "time of the load's machine in use, %", value: machine.busy, bound: null },
    { what: 'time taken from it by its host, %', value: machine.stolen, bound: null },
    { what: 'the same in its worst second, %', value: machine.stolenAtWorst, bound: null },
  ];
}

/** When long gaps ended, in words. */
function toldGaps({ report, mapsAtMs }: Observation): string {
  const seconds = report.kinds.v1.longGapsAtS.map(([second, clients]) => `${clients} in second ${second}`);
  const maps = mapsAtMs.map((ms) => (ms / 1_000).toFixed(1));
  return `above 100 ms: ${seconds.join(', ')}; maps after ${maps.join(', ') || 'no'} s`;
}

/** Ends of connections by shard and code, in words. */
function told(closes: LoadReport['closes']): string {
  const counts = new Map<string, number>();
  for (const { kind, shard, code, count } of closes) {
    const key = `${kind} of shard ${shard} with ${code}`;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return [...counts].map(([key, count]) => `${count} × ${key}`).join('; ');
}

function readyFigures(delaysMs: readonly number[], mayLinger: boolean): Figure[] {
  if (delaysMs.length === 0) return [];
  return [
    {
      what: 'pod Ready to map published, longest ms',
      value: Math.max(...delaysMs),
      bound: mayLinger ? null : { atMost: 2_000 },
    },
  ];
}

function senderFigures({ sender }: LoadReport): Figure[] {
  const failed = Object.values(sender.failed).reduce((total, count) => total + count, 0);
  return [
    { what: 'messages accepted a second', value: sender.perSecond, bound: null },
    ...(failed === 0 ? [] : [{ what: 'sends refused for a while and repeated', value: failed, bound: null }]),
    { what: 'longest until a message was accepted, ms', value: sender.acceptMs.max, bound: null },
  ];
}
