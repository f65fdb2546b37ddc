import type { ClientKind } from '../journal/record.ts';
import { KIND_NAMES } from './findings.ts';
import { peakArrivals } from './judges/connections.ts';
import type { Judging } from './judges/judging.ts';
import { percentilesOf } from './measures.ts';

const KINDS: readonly ClientKind[] = ['v1', 'plain', 'socketIo'];

/** A shard takes at most so many times its pace within a second, storms included: a tenth of it may come at once. */
const MOST_OF_PACE = 1.2;

const MOVED = 'delivery gap of moved clients';

/** Of these there must be none, whoever it is. */
const NONE = [
  'phantom',
  'late',
  'told of losses that are none',
  'connections closed although unmoved',
  'presence told untrue',
  'presence told twice',
  'presence not told',
  'presence told late',
];

/** The figures of each phase beside their bounds. One beyond its bound, that no judge has told of, is a violation. */
export function tellFigures(judging: Judging): void {
  const peaks = peakArrivals(judging);
  const accepted = acceptedByPhase(judging);
  for (const phase of judging.history.phases.all.keys()) {
    judging.findings.figure(phase, 'accepted', accepted[phase] ?? 0, '', null);
    judging.findings.figure(phase, 'delivered', judging.findings.counted('delivered', phase), '', null);
    for (const kind of presentKinds(judging)) tellCounts(judging, phase, kind);
    for (const name of NONE) judging.findings.figure(phase, name, judging.findings.counted(name, phase), '', 0);
    tellLatency(judging, phase);
    tellGaps(judging, phase);
    tellArrivals(judging, phase, peaks.get(phase) ?? 0);
  }
}

function presentKinds({ history }: Judging): ClientKind[] {
  return KINDS.filter((kind) => history.clients.some((client) => client.kind === kind && client.servings.length > 0));
}

function tellCounts({ findings }: Judging, phase: number, kind: ClientKind): void {
  const name = KIND_NAMES[kind];
  for (const wrong of ['lost', 'duplicated', 'reordered']) {
    findings.figure(phase, `${wrong}, ${name}`, findings.counted(`${wrong}, ${name}`, phase), '', 0);
  }
  for (const allowed of ['lost and told', 'lost with a master', 'repeated']) {
    const count = findings.counted(`${allowed}, ${name}`, phase);
    if (count > 0) findings.figure(phase, `${allowed}, ${name}`, count, '', null);
  }
}

function tellLatency({ findings, measures }: Judging, phase: number): void {
  const latency = measures.latencyInPhase(phase);
  if (latency === null) return;
  findings.figure(phase, 'latency p50', latency.p50, 'ms', null);
  findings.figure(phase, 'latency p99', latency.p99, 'ms', null);
  findings.figure(phase, 'latency, longest', latency.max, 'ms', null);
}

/**
 * Delivery gaps. Told of everybody: the longest time in which something was due and nothing came. Held: the longest that a
 * client waited for a message in its moves of this phase, over whatever connection it came; a planned move may cost a
 * `flotilla.v1` client 100 ms at p99. What moved clients waited in the rest of the phase is told beside it, and how much of the
 * machine its host took.
 */
function tellGaps(judging: Judging, phase: number): void {
  const { measures, history, options } = judging;
  const silences = KINDS.flatMap((kind) => measures.gaps.of(kind, phase).silences);
  tellPercentiles(judging, phase, 'delivery gap', silences);
  tellMachine(judging, phase);
  const { moves, waits, worst } = measures.gaps.of('v1', phase);
  const isExcused = history.phases.has(phase, 'gap-of-delivery');
  const at =
    worst === null ? '' : `; the longest: ${worst.clientId}, served anew at ${judging.findings.at(worst.servedMs)}`;
  tellPercentiles(judging, phase, MOVED, moves, isExcused ? null : { most: options.moveGapMs, at });
  tellPercentiles(judging, phase, `${MOVED}, in the whole phase`, waits);
  for (const kind of ['plain', 'socketIo'] as const) {
    tellPercentiles(judging, phase, `${MOVED}, ${KIND_NAMES[kind]}`, measures.gaps.of(kind, phase).moves);
  }
}

/** How much of the machine its host took in this phase, by the samples `machine.taken` (percent of a second). */
function tellMachine({ history, findings }: Judging, phase: number): void {
  const { fromMs, toMs } = history.phases.all[phase] ?? { fromMs: 0, toMs: 0 };
  const own = history.samples.filter(([, tMs, name]) => name === 'machine.taken' && tMs >= fromMs && tMs < toMs);
  if (own.length === 0) return;
  const percents = own.map(([, , , percent]) => percent);
  const stolen = percents.reduce((sum, percent) => sum + percent, 0) / percents.length;
  const stolenAtWorst = Math.max(...percents);
  if (stolenAtWorst > 0) {
    findings.figure(phase, 'time of the machine taken by its host', stolen, '%', null);
    findings.figure(phase, 'the same in its worst second', stolenAtWorst, '%', null);
  }
}

/** @param bound - the most that p99 may be, and where to look when it is more; null: none */
function tellPercentiles(
  { findings }: Judging,
  phase: number,
  name: string,
  values: readonly number[],
  bound: { readonly most: number; readonly at: string } | null = null,
): void {
  const found = percentilesOf(Float64Array.from(values));
  if (found === null) return;
  findings.figure(phase, `${name}, p50`, found.p50, 'ms', null);
  findings.figure(phase, `${name}, p99`, found.p99, 'ms', bound?.most ?? null);
  findings.figure(phase, `${name}, longest`, found.max, 'ms', null);
  if (bound === null || found.p99 <= bound.most) return;
  findings.violationIn(
    'bound',
    phase,
    `${name}, p99: ${Math.round(found.p99)} ms of ${values.length}, at most ${bound.most} ms${bound.at}`,
  );
}

/** @param peak - most arrivals a second at one shard */
function tellArrivals({ findings, options }: Judging, phase: number, peak: number): void {
  const most = options.pacePerSecond * MOST_OF_PACE;
  findings.figure(phase, 'arrivals at a shard a second, at most', peak, '/s', most);
  if (peak <= most) return;
  findings.violationIn('bound', phase, `${Math.round(peak)} arrivals a second at one shard, at most ${most}`);
}

function acceptedByPhase({ history }: Judging): number[] {
  const counts = history.phases.all.map(() => 0);
  for (const tMs of history.messages.acceptedMs) {
    if (Number.isNaN(tMs)) continue;
    const phase = history.phases.indexAt(tMs);
    counts[phase] = (counts[phase] ?? 0) + 1;
  }
  return counts;
}
