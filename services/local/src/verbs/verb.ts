import type { MapWatch } from '../cluster/map-watch.ts';
import type { FleetKeeper } from '../fleet/fleet-keeper.ts';

/** What scale, restart and kill work on. */
export interface VerbDeps {
  readonly keeper: FleetKeeper;
  readonly map: MapWatch;
  /** A line for whoever asked. */
  readonly say: (line: string) => void;
  /** Whether shards are objects in one process, and not processes. */
  readonly isOneProcess: boolean;
  /** How long a shard may take to hand its clients over before it is killed. */
  readonly drainMs: number;
  /** How long the map may take. */
  readonly mapMs: number;
  readonly nowMs: () => number;
  /** Where a part's log is, as it is named to a person. */
  readonly logOf: (name: string) => string;
}

/** How it went: a sentence, and whether it is what was asked for. */
export interface VerbResult {
  readonly ok: boolean;
  readonly text: string;
}

/** Seconds since a moment, for a person. */
export function secondsSince(sinceMs: number, nowMs: () => number): string {
  return `${((nowMs() - sinceMs) / 1_000).toFixed(1)} s`;
}

/** A shard is not in the fleet. */
export function noSuchShard(id: number, { keeper }: VerbDeps): VerbResult {
  const { ids } = keeper;
  const range = ids.length === 0 ? 'There is none' : `There are shards ${ids.join(', ')}`;
  return { ok: false, text: `There is no shard ${id}. ${range}.` };
}
