import type { PassReport } from '../../act/reconcile.ts';
import type { ConfigMapStore } from '../authority/config-map.ts';
import { MAP_KEY, readMap, SUMMARY_KEY } from '../authority/config-map-authority.ts';
import { mapSummary } from '../authority/map-text.ts';
import { type ExposureState, type MapStatus, nextStatus, parseStatus } from './conditions.ts';

/** Key of the ConfigMap that holds the status. */
export const STATUS_KEY = 'status.json';

/** Keeps the status beside the map: written when it changes, and never else. */
export interface StatusKeeper {
  /** @throws what the API server says; FlotillaError `map_unsupported`: newer software wrote the map meanwhile */
  keep(report: PassReport, exposure: ExposureState): Promise<void>;
}

/** What a keeper needs. */
export interface StatusKeeperDeps {
  readonly store: ConfigMapStore;
  readonly nowMs: () => number;
  /** ISO 8601. */
  readonly wallTime: () => string;
  /** A status that changes to and fro is written at most once in this time, milliseconds. */
  readonly pauseMs: number;
}

/** Writes at once when the last write is long enough ago. */
export function createStatusKeeper({ store, nowMs, wallTime, pauseMs }: StatusKeeperDeps): StatusKeeper {
  let writtenMs = -Infinity;
  return {
    async keep(report, exposure) {
      // While the fleet is not known, neither is the state of its shards: what was said last stays.
      if (report.map === null || report.frozen === 'fleet_unknown') return;
      const found = store.read();
      // The map is to be there first.
      if (found === null) return;
      const before = parseStatus(found.data?.[STATUS_KEY]);
      const status = nextStatus(before, report, exposure, wallTime());
      const wanted = { [STATUS_KEY]: statusJson(status), [SUMMARY_KEY]: mapSummary(report.map) };
      const isRight = Object.entries(wanted).every(([key, text]) => found.data?.[key] === text);
      if ((isRight && store.isOwned()) || nowMs() - writtenMs < pauseMs) return;
      // A pass under way has written another map: what is told of that one is for its own report.
      if (readMap(found.data?.[MAP_KEY])?.epoch !== report.map.epoch) return;
      writtenMs = nowMs();
      // Whoever wrote in between will be seen in the next pass.
      await store.write(wanted, found.metadata?.resourceVersion ?? '');
    },
  };
}

function statusJson({ conditions, ...rest }: MapStatus): string {
  const head = Object.entries(rest).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const lines = conditions.map((condition) => `    ${JSON.stringify(condition)}`);
  return `{\n${head.join(',\n')},\n  "conditions": [\n${lines.join(',\n')}\n  ]\n}\n`;
}
