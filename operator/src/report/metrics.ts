import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { PassReport } from '../act/reconcile.ts';
import { movementBetween } from '../plan/movement.ts';
import { METRIC_PREFIX, METRICS, type MetricName } from './metric-table.ts';

/** The operator's metrics, in a registry of their own. */
export interface Metrics {
  /** A pass came to this (null: a conflict) in so many seconds. */
  passed(report: PassReport | null, seconds: number): void;
  failed(): void;
  /** Whether this operator leads. */
  leading(isLeading: boolean): void;
  /** A call of the API server, with its status or `none`. */
  apiCall(verb: string, code: string): void;
  /** Following a kind of objects broke. */
  followBroke(kind: string): void;
  readonly contentType: string;
  /** What a scrape gets. */
  text(): Promise<string>;
}

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** @param isWholeProcess - whether the process is the operator's alone: then its memory and CPU are told too */
export function createMetrics(isWholeProcess: boolean): Metrics {
  const registry = new Registry();
  if (isWholeProcess) collectDefaultMetrics({ register: registry });
  const passes = new Counter(described('passes_total', registry));
  const duration = new Histogram({ ...described('pass_seconds', registry), buckets: SECONDS });
  const report = reportGauges(registry);
  const leader = new Gauge(described('leader', registry));
  const apiCalls = new Counter(described('api_requests_total', registry));
  const breaks = new Counter(described('follow_breaks_total', registry));
  return {
    passed(pass, seconds) {
      passes.inc({ outcome: pass === null ? 'conflict' : 'done' });
      duration.observe(seconds);
      if (pass !== null) report(pass);
    },
    failed: () => passes.inc({ outcome: 'failed' }),
    leading: (isLeading) => leader.set(isLeading ? 1 : 0),
    apiCall: (verb, code) => apiCalls.inc({ verb, code }),
    followBroke: (kind) => breaks.inc({ kind }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

function reportGauges(registry: Registry): (pass: PassReport) => void {
  const epoch = new Gauge(described('map_epoch', registry));
  const shards = new Gauge(described('shards', registry));
  const wanted = new Gauge(described('shards_wanted', registry));
  const lent = new Gauge(described('slots_lent', registry));
  const moved = new Counter(described('slots_moved_total', registry));
  const written = new Counter(described('maps_written_total', registry));
  const mirrored = new Counter(described('maps_mirrored_total', registry));
  const takeOvers = new Counter(described('take_overs_total', registry));
  const frozen = new Gauge(described('frozen', registry));
  return (pass) => {
    if (pass.desired !== null) wanted.set(pass.desired);
    for (const reason of ['store_unreachable', 'fleet_unknown', 'half_away'])
      frozen.set({ reason }, pass.frozen === reason ? 1 : 0);
    if (pass.mirrored !== null) mirrored.inc({ outcome: pass.mirrored });
    if (pass.map === null) return;
    epoch.set(pass.map.epoch);
    for (const state of ['up', 'draining', 'away']) {
      shards.set({ state }, pass.map.shards.filter((shard) => shard.state === state).length);
    }
    lent.set(movementBetween(null, pass.map).lent);
    if (pass.written === null) return;
    written.inc();
    moved.inc(movementBetween(pass.written.before, pass.map).moved);
    if (pass.written.how === 'taken_over') takeOvers.inc();
  };
}

function described(
  name: MetricName,
  registry: Registry,
): {
  name: string;
  help: string;
  labelNames: string[];
  registers: Registry[];
} {
  const { help, labels } = METRICS[name];
  return { name: METRIC_PREFIX + name, help, labelNames: [...labels], registers: [registry] };
}
