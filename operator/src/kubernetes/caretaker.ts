import type { V1StatefulSet } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import type { PassReport } from '../act/reconcile.ts';
import { startWorker, type Worker } from '../act/worker.ts';
import type { Fleet } from '../observe/fleet-source.ts';
import { failureOf, hasStatus } from './api/api-error.ts';
import type { Exposer } from './exposure/exposer.ts';
import { initialReplicas } from './fleet/initial-replicas.ts';
import type { Scaler } from './fleet/scaler.ts';
import type { StatusKeeper } from './report/status-keeper.ts';

/** Cares for what stands around the map: the first count, the objects of each shard, the status. */
export interface Caretaker extends Pick<Worker, 'trigger' | 'close'> {
  /** What the last pass came to; until the first one nothing is done. */
  passed(report: PassReport): void;
}

/** What a caretaker works with. */
export interface CaretakerDeps {
  readonly isLeading: () => boolean;
  readonly readFleet: () => Promise<Fleet>;
  readonly set: () => V1StatefulSet | null;
  /** Ordinals whose pod is there, in whatever state. */
  readonly podIds: () => readonly number[];
  readonly mappedShards: () => number;
  readonly scaler: Scaler;
  readonly exposer: Exposer;
  readonly status: StatusKeeper;
  readonly logger: Logger;
  readonly random: () => number;
}

/** Between two looks that nobody asked for; each change asks for one. Milliseconds. */
const INTERVAL_MS = 1_000;
const MAX_BACKOFF_MS = 10_000;
const DEADLINE_MS = 30_000;

/**
 * Starts to care. It runs apart from the passes over the map: a Gateway that refuses routes, or an API server that is slow
 * with them, must not delay that a lost shard's slots are lent.
 */
export function startCaretaker(deps: CaretakerDeps): Caretaker {
  let report: PassReport | null = null;
  let told: string | null = null;
  const worker = startWorker({
    intervalMs: INTERVAL_MS,
    maxBackoffMs: MAX_BACKOFF_MS,
    deadlineMs: DEADLINE_MS,
    random: deps.random,
    async run() {
      if (!deps.isLeading() || report === null) return 'done';
      await giveFirstCount(deps);
      const failure = await settle(deps, report);
      if (failure !== null && failure !== told)
        deps.logger.error({ error: failure }, 'objects of shards cannot be written');
      if (failure === null && told !== null) deps.logger.info('objects of shards are written again');
      told = failure;
      await deps.status.keep(report, { failure, refusals: deps.exposer.refusals() });
      if (failure !== null) throw new Error(failure);
      return 'done';
    },
    onFailure(error) {
      if (told === null) deps.logger.warn({ error: failureOf(error).text }, 'caring for objects failed, trying again');
    },
  });
  return {
    trigger: worker.trigger,
    close: () => worker.close(),
    passed(next) {
      const isNews = report === null || report.map !== next.map || report.frozen !== next.frozen;
      report = next;
      if (isNews) worker.trigger();
    },
  };
}

async function giveFirstCount({ set, mappedShards, scaler, logger }: CaretakerDeps): Promise<void> {
  const found = set();
  const count = found === null ? null : initialReplicas(found, mappedShards);
  if (found === null || count === null) return;
  try {
    await scaler.start(found, count);
    logger.info({ replicas: count }, 'initial replicas set');
  } catch (error) {
    // It has changed since it was seen: the next look decides anew.
    if (!hasStatus(error, 409)) throw error;
  }
}

/** What could not be written, in words; null: all is in place. Nothing is judged by what may be outdated. */
async function settle(
  { readFleet, podIds, exposer }: CaretakerDeps,
  { map, frozen }: PassReport,
): Promise<string | null> {
  const fleet = await readFleet().catch(() => null);
  if (fleet === null || frozen === 'fleet_unknown') return null;
  const wanted = Array.from({ length: fleet.desired ?? 0 }, (_, index) => fleet.firstId + index);
  const mapped = map?.shards.map(({ id }) => id) ?? [];
  try {
    await exposer.settle(new Set([...wanted, ...mapped, ...podIds()]));
    return null;
  } catch (error) {
    const failures = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
    return [...new Set(failures.map((failure) => failureOf(failure).text))].slice(0, 3).join('; ');
  }
}
