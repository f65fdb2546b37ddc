import type { LeaseObserver } from '@flotilla-im/store';
import type { Logger } from 'pino';
import type { MapAuthority } from './act/map-authority.ts';
import { createReconciler, type PassReport } from './act/reconcile.ts';
import { startWorker } from './act/worker.ts';
import { compileConfig, type OperatorOptions } from './config/config.ts';
import { type Health, startHealthServer } from './http/health-server.ts';
import type { FleetSource } from './observe/fleet-source.ts';
import { Heartbeats } from './observe/heartbeats.ts';
import type { SharedState } from './observe/observe.ts';
import { createMetrics, type Metrics } from './report/metrics.ts';
import { createPassLog } from './report/pass-log.ts';

/** What the operator works with. */
export interface OperatorDeps {
  readonly fleet: FleetSource;
  readonly authority: MapAuthority;
  /** Not closed by the operator. */
  readonly store: SharedState;
  readonly leaseObserver: LeaseObserver;
  readonly logger: Logger;
  /** Monotonic milliseconds, the clock of the store's health; default `performance.now`. */
  readonly nowMs?: () => number;
  /** Chance in [0, 1); default `Math.random`. */
  readonly random?: () => number;
  /** Default: its own, without memory and CPU of the process. */
  readonly metrics?: Metrics;
  /** One of several operators leads; default: this one, always. One that does not lead only looks. */
  readonly leadership?: Leadership;
  /** What else its probes depend on. */
  readonly health?: Partial<Health>;
  /** Hears what each pass came to, and each failure with how many there were in a row. Must not throw. */
  readonly onPassed?: (report: PassReport) => void;
  readonly onFailed?: (error: unknown, failures: number) => void;
}

/** Whether this operator leads. */
export interface Leadership {
  isLeading(): boolean;
}

/** A running operator. */
export interface Operator {
  /** Of probes and metrics; null when they are not served. */
  readonly port: number | null;
  /** Ends it; the map stays in force, and connections notice nothing. */
  close(): Promise<void>;
}

/** A pass that takes longer is given up: something it waits for hangs. */
const PASS_DEADLINE_MS = 10_000;
/** After a conflict another pass is due at once; after so many in a row, at the usual pace. */
const MOST_AT_ONCE = 3;
/** The longest pause after failures; also how long the operator stays ready without a pass that succeeds, three times over. */
const MAX_BACKOFF_MS = 5_000;

/**
 * Starts the operator: looks, plans and publishes until it is closed. Nothing that fails later ends it.
 *
 * @throws what the system says when the port for probes cannot be taken
 */
export async function startOperator(options: OperatorOptions, deps: OperatorDeps): Promise<Operator> {
  const config = compileConfig(options);
  const nowMs = deps.nowMs ?? (() => performance.now());
  const metrics = deps.metrics ?? createMetrics(false);
  const log = createPassLog(deps.logger);
  const heartbeats = new Heartbeats(deps.leaseObserver, config.failoverAfterMs);
  const { fleet, authority, store } = deps;
  const { plan, takeOverPauseMs } = config;
  const reconciler = createReconciler({ fleet, authority, store, heartbeats, nowMs, options: plan, takeOverPauseMs });
  const pulse = { begunMs: nowMs(), doneMs: -Infinity };
  const health = { ...healthOf(pulse, nowMs), ...deps.health };
  const server =
    config.http === null ? null : await startHealthServer(config.http.host, config.http.port, health, metrics);
  const leads = (): boolean => deps.leadership?.isLeading() ?? true;
  let conflicts = 0;
  const worker = startWorker({
    intervalMs: config.intervalMs,
    maxBackoffMs: MAX_BACKOFF_MS,
    deadlineMs: PASS_DEADLINE_MS,
    random: deps.random ?? Math.random,
    async run() {
      pulse.begunMs = nowMs();
      metrics.leading(leads());
      const outcome = leads() ? await reconciler.pass() : await reconciler.look();
      // One that was held up so long that others lead by now: what it wrote was refused, and the map is theirs to tell of.
      const report = leads() ? outcome : 'looked';
      pulse.doneMs = nowMs();
      if (report === 'looked') return 'done';
      metrics.passed(report, (pulse.doneMs - pulse.begunMs) / 1_000);
      conflicts = report === null ? conflicts + 1 : 0;
      if (report === null) return conflicts > MOST_AT_ONCE ? 'done' : 'again';
      log.passed(report, pulse.doneMs);
      deps.onPassed?.(report);
      return 'done';
    },
    onFailure(error, failures) {
      metrics.failed();
      log.failed(error, failures);
      deps.onFailed?.(error, failures);
    },
  });
  const unwatch = fleet.watch(worker.trigger);
  return {
    port: server?.port ?? null,
    async close() {
      unwatch();
      await worker.close();
      await server?.close();
    },
  };
}

interface Pulse {
  readonly begunMs: number;
  readonly doneMs: number;
}

function healthOf(pulse: Pulse, nowMs: () => number): Health {
  return {
    isAlive: () => nowMs() - pulse.begunMs < PASS_DEADLINE_MS + 2 * MAX_BACKOFF_MS,
    isReady: () => nowMs() - pulse.doneMs < 3 * MAX_BACKOFF_MS,
  };
}
