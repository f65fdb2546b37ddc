import type { CompiledMap } from '@flotilla-im/protocol';
import type { ClientTable } from '../connections/client-table.ts';
import type { Connection } from '../connections/connection.ts';
import { endingWith } from '../connections/ending.ts';
import { ownsSlots } from './destinations.ts';
import type { Mover } from './mover.ts';

/** How long a leaving pod waits for the map to say who serves its slots, at most. */
const MAP_WAIT_MS = 3_000;
/** Who was told to go to a shard and has not gone after this time, none of it before the drain, is closed, however often it was told. */
const TOLD_MS = 6_000;
/** Part of the drain's time that is kept for closing the rest. */
const CLOSING_MS = 2_000;
/** Part of the rest in which everybody should be gone, however busy the machine is; after it are those who must be told again. */
const GONE_BY = 2 / 3;
const STEP_MS = 50;
/** How often everybody is queued who is not: a look at each client's slot, which is no small thing where there are thousands. */
const QUEUE_MS = 250;

/** What a drain needs. */
export interface DrainDeps {
  readonly shard: number;
  readonly clients: ClientTable;
  readonly mover: Mover;
  readonly map: () => CompiledMap | null;
  /** Longest drain. */
  readonly drainMs: number;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Sends everybody away: `flotilla.v1` clients are moved, the others are flushed and closed, each at the pace of the shard
 * that will take them. Resolves when nobody is left, all within `drainMs`.
 */
export async function drain(deps: DrainDeps): Promise<void> {
  const startedAtMs = deps.nowMs();
  const elapsed = (): number => deps.nowMs() - startedAtMs;
  const movingMs = Math.max(0, deps.drainMs - CLOSING_MS);
  const mapWaitMs = Math.min(MAP_WAIT_MS, movingMs / 4);
  const { mover, clients } = deps;
  const told: Told = new Map();
  const isDeserted = (): boolean => mover.isAlone && !(mover.isMapBehind && elapsed() < mapWaitMs);
  mover.leaving = 'by-map';
  mover.goneByMs = startedAtMs + movingMs * GONE_BY;
  await mover.readReports();
  let queueAtMs = 0;
  while (clients.connections.length > 0 && elapsed() < movingMs && !isDeserted()) {
    if (elapsed() > mapWaitMs || !ownsSlots(deps.map(), deps.shard)) mover.leaving = 'anywhere';
    if (elapsed() >= queueAtMs) {
      queueAtMs = elapsed() + QUEUE_MS;
      mover.queueAll();
    }
    closeStayed(deps, told, startedAtMs);
    await deps.sleep(STEP_MS);
    await mover.readReports();
  }
  await closeRest(deps);
}

/** Where each was told to go last, and since when. */
type Told = Map<Connection, { readonly to: number; readonly sinceMs: number }>;

/** Closes those that were told to move long enough ago. What was told before the drain may have been of an older map. */
function closeStayed({ clients, nowMs }: DrainDeps, told: Told, startedAtMs: number): void {
  const now = nowMs();
  for (let i = clients.connections.length - 1; i >= 0; i--) {
    const connection = clients.connections[i];
    if (connection === undefined || connection.movedAtMs === 0) continue;
    const { movedTo: to, movedAtMs } = connection;
    const known = told.get(connection);
    const sinceMs = known?.to === to ? known.sinceMs : Math.max(movedAtMs, startedAtMs);
    if (known?.to !== to) told.set(connection, { to, sinceMs });
    if (now - sinceMs > TOLD_MS) connection.end(endingWith(1012));
  }
}

/** Closes who is left; who does not answer the close is dropped. */
export async function closeRest({
  clients,
  nowMs,
  sleep,
}: Pick<DrainDeps, 'clients' | 'nowMs' | 'sleep'>): Promise<void> {
  const startedAtMs = nowMs();
  for (const connection of [...clients.connections]) connection.end(endingWith(1012));
  while (clients.connections.length > 0 && nowMs() - startedAtMs < CLOSING_MS / 2) await sleep(STEP_MS);
  for (const connection of [...clients.connections]) connection.transport.terminate();
}
