import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createLoopDelay } from './loop-delay.ts';
import type { Figures, Levels, Totals } from './figures.ts';
import { collectProcessMetrics } from './process-metrics.ts';
import { METRICS, METRIC_PREFIX, type MetricName } from './metric-table.ts';

/** The metrics of one shard, in a registry of its own: several shards can live in one process. */
export interface Metrics {
  /** From now on scrapes read these figures. */
  watch(figures: Figures): void;
  /** An arrival was refused with this error code. */
  refused(code: string): void;
  /** A connection ended with this close code. */
  closed(code: number): void;
  /** Seconds from the store's time of a message to its write. */
  delivery(seconds: number): void;
  /** Seconds from a request to its connection's first frame. */
  handshake(seconds: number): void;
  /** What a scrape gets. */
  readonly contentType: string;
  text(): Promise<string>;
  close(): void;
}

const DELIVERY_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

const TOTALS: Readonly<Record<keyof Totals, MetricName>> = {
  delivered: 'delivered_total',
  deliveredLive: 'delivered_live_total',
  droppedLive: 'live_dropped_total',
  slowCatchUps: 'slow_reader_catch_ups_total',
  slowCloses: 'slow_reader_closes_total',
  slowDropped: 'slow_reader_dropped_total',
  slowSuperseded: 'slow_reader_superseded_total',
  notifies: 'notifies_total',
  unreadable: 'unreadable_notifies_total',
  gapFills: 'gap_fills_total',
  rereads: 'rereads_total',
  storeLosses: 'store_losses_total',
};

/** @param isWholeProcess - whether the process is this shard's alone: then its memory, CPU and collections are told too */
export function createMetrics(isWholeProcess: boolean): Metrics {
  const registry = new Registry();
  const loopDelay = createLoopDelay();
  const source: Source = { figures: null, levels: null };
  if (isWholeProcess) collectProcessMetrics(registry);
  registerTotals(registry, source);
  registerLevels(registry, source);
  new Gauge({
    ...described('event_loop_delay_seconds', registry),
    collect() {
      loopDelay.report((quantile, seconds) => this.set({ quantile }, seconds));
    },
  });
  const refused = new Counter(described('refused_total', registry));
  const closed = new Counter(described('closed_total', registry));
  const delivery = new Histogram({ ...described('delivery_seconds', registry), buckets: DELIVERY_BUCKETS });
  const handshake = new Histogram({ ...described('handshake_seconds', registry), buckets: DELIVERY_BUCKETS });
  return {
    watch: (figures) => void (source.figures = figures),
    refused: (code) => refused.inc({ code }),
    closed: (code) => closed.inc({ code }),
    // The clock of Redis may be ahead of ours: a message is never written before it was accepted.
    delivery: (seconds) => delivery.observe(Math.max(0, seconds)),
    handshake: (seconds) => handshake.observe(seconds),
    contentType: registry.contentType,
    text: () => {
      source.levels = source.figures?.levels() ?? null;
      return registry.metrics();
    },
    close: () => {
      loopDelay.close();
      registry.clear();
    },
  };
}

interface Source {
  figures: Figures | null;
  /** As they were when the scrape began: some of them look at every connection. */
  levels: Levels | null;
}

interface Description {
  name: string;
  help: string;
  labelNames: string[];
  registers: Registry[];
}

function described(name: MetricName, registry: Registry): Description {
  const { help, labels } = METRICS[name];
  return { name: METRIC_PREFIX + name, help, labelNames: [...labels], registers: [registry] };
}

function registerTotals(registry: Registry, source: Readonly<Source>): void {
  for (const [key, name] of Object.entries(TOTALS) as [keyof Totals, MetricName][]) {
    new Counter({
      ...described(name, registry),
      collect() {
        this.reset();
        this.inc(source.figures?.totals()[key] ?? 0);
      },
    });
  }
}

function registerLevels(registry: Registry, source: Readonly<Source>): void {
  const gauge = (
    name: MetricName,
    read: (levels: Levels) => Readonly<Record<string, number>>,
    label?: string,
  ): void => {
    new Gauge({
      ...described(name, registry),
      collect() {
        if (source.levels === null) return;
        for (const [key, value] of Object.entries(read(source.levels))) {
          if (label === undefined) this.set(value);
          else this.set({ [label]: key }, value);
        }
      },
    });
  };
  gauge('connections', ({ connections }) => connections, 'protocol');
  gauge('guests', ({ guests }) => ({ value: guests }));
  gauge('slots_owned', ({ slotsOwned }) => ({ value: slotsOwned }));
  gauge('map_epoch', ({ epoch }) => ({ value: epoch }));
  gauge('queued_bytes', ({ queuedBytes }) => ({ value: queuedBytes }));
  gauge('ready', ({ conditions }) => numbers(conditions), 'condition');
}

function numbers(flags: Readonly<Record<string, boolean>>): Record<string, number> {
  return Object.fromEntries(Object.entries(flags).map(([key, flag]) => [key, flag ? 1 : 0]));
}
