import type { Logger } from 'pino';
import type { PassReport } from '../act/reconcile.ts';
import { movementBetween } from '../plan/movement.ts';

/** Writes what changed to the log: a state that lasts is told when it begins and when it ends, not each quarter of a second. */
export interface PassLog {
  /** @param nowMs - monotonic milliseconds */
  passed(report: PassReport, nowMs: number): void;
  /** `failures`: how many in a row. */
  failed(error: unknown, failures: number): void;
}

/** While a cluster starts, its shards look away for a moment: that is told when it lasts. Milliseconds. */
const LASTING_MS = 5_000;

/** Remembers what was told last. */
export function createPassLog(logger: Logger): PassLog {
  let frozen: PassReport['frozen'] = null;
  let halfAwaySinceMs = Infinity;
  let mirrored: PassReport['mirrored'] = null;
  let told = '';
  let waiting = new Set<number>();
  return {
    passed(report, nowMs) {
      if (told !== '') logger.info('reconciling again');
      told = '';
      halfAwaySinceMs = report.frozen === 'half_away' ? Math.min(halfAwaySinceMs, nowMs) : Infinity;
      const isPassing = report.frozen === 'half_away' && nowMs - halfAwaySinceMs < LASTING_MS;
      const next = isPassing ? null : report.frozen;
      tellFrozen(logger, frozen, { ...report, frozen: next });
      tellWritten(logger, report);
      tellMirrored(logger, mirrored, report);
      for (const wait of report.waiting) {
        if (!waiting.has(wait.shard)) logger.warn({ ...wait }, 'shard is back, its slots come home after a wait');
      }
      waiting = new Set(report.waiting.map(({ shard }) => shard));
      [frozen, mirrored] = [next, report.mirrored];
    },
    failed(error, failures) {
      const text = textOf(error);
      if (text !== told) logger.error({ failures, error: text }, 'reconciliation failed, the map stays');
      told = text;
    },
  };
}

function tellFrozen(logger: Logger, before: PassReport['frozen'], report: PassReport): void {
  const { frozen } = report;
  if (frozen === before) return;
  if (before === 'fleet_unknown') logger.info('shards are known again');
  if (before === 'store_unreachable') logger.info('store reachable again');
  if (before === 'half_away') logger.info('most shards are heard again');
  if (frozen === 'half_away') logger.warn('half or more shards look away, nothing is lent on suspicion');
  if (frozen === 'store_unreachable')
    logger.warn({ error: textOf(report.storeFailure) }, 'store unreachable, the map stays');
  if (frozen === 'fleet_unknown')
    logger.warn({ error: textOf(report.fleetFailure) }, 'shards are not known, the map stays');
}

function textOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

function tellWritten(logger: Logger, { map, written }: PassReport): void {
  if (map === null || written === null) return;
  if (written.how === 'adopted')
    logger.warn({ epoch: map.epoch }, 'authority had no map, adopted the one of the store');
  if (written.how === 'taken_over') {
    const authorityEpoch = written.before?.epoch ?? 0;
    logger.warn({ epoch: map.epoch, authorityEpoch }, 'store was ahead of the authority, went on above it');
  }
  const shards = map.shards.filter(({ state }) => state === 'up').map(({ id }) => id);
  logger.info({ epoch: map.epoch, shards, ...movementBetween(written.before, map) }, 'shard map published');
}

function tellMirrored(logger: Logger, before: PassReport['mirrored'], { map, written, mirrored }: PassReport): void {
  const epoch = map?.epoch ?? 0;
  if (mirrored === 'published' && written === null) logger.warn({ epoch }, 'store had lost the map, gave it back');
  if (mirrored === 'stale' && before !== 'stale') logger.error({ epoch }, 'store holds a newer map than this operator');
}
