import type { PassReport } from '../../act/reconcile.ts';
import { failureEvent, type MapEvent } from './map-events.ts';

/** Decides when a failure to publish is worth an event: when it lasts, and again only after a long time. */
export interface FailureTeller {
  passed(report: PassReport, nowMs: number): readonly MapEvent[];
  /** `failures`: how many in a row. */
  failed(text: string, failures: number, nowMs: number): readonly MapEvent[];
}

/** What lasts shorter than this is no news, milliseconds. */
const LASTING_MS = 5_000;
/** So many passes that fail in a row are news. */
const LASTING_FAILURES = 3;
/** The same is told again after this long, milliseconds. */
const AGAIN_MS = 600_000;

/** Remembers what was told last. */
export function createFailureTeller(): FailureTeller {
  let sinceMs: number | null = null;
  let told = { text: '', atMs: -Infinity };
  const tell = (text: string, nowMs: number): readonly MapEvent[] => {
    if (told.text === text && nowMs - told.atMs < AGAIN_MS) return [];
    told = { text, atMs: nowMs };
    return [failureEvent(text)];
  };
  return {
    passed(report, nowMs) {
      const text = troubleOf(report);
      if (text === null) {
        sinceMs = null;
        return [];
      }
      sinceMs ??= nowMs;
      return nowMs - sinceMs < LASTING_MS ? [] : tell(text, nowMs);
    },
    failed: (text, failures, nowMs) => (failures < LASTING_FAILURES ? [] : tell(text, nowMs)),
  };
}

function troubleOf({ frozen, mirrored, storeFailure }: PassReport): string | null {
  if (mirrored === 'stale')
    return 'Redis holds a newer map than this operator: another one writes under the same cluster name';
  if (frozen !== 'store_unreachable') return null;
  return `Redis cannot be reached, the map stays: ${storeFailure instanceof Error ? storeFailure.message : 'no answer'}`;
}
