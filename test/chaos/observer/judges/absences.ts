import { type Client, unconnectedOf } from '../history/client.ts';
import type { History } from '../history/history.ts';
import type { Span } from '../history/phases.ts';
import type { ObserverOptions } from '../options.ts';

/** A shard may have seen a connection end so long before the client wrote it down: its process was busy. */
const SEEN_EARLIER_MS = 1_000;

/** A time in which a client had no connection, and what its watchers are to hear of it. */
export interface Absence {
  readonly fromMs: number;
  /** When a shard served it again; Infinity: never. */
  readonly toMs: number;
  /** It may have been online again since this moment; Infinity: never. */
  readonly dialledMs: number;
  /** From when on it may be told offline, and until when that may be heard; null: it was back within its grace. */
  readonly offline: Span | null;
  /** Whether it must be told offline, and by when. */
  readonly isDue: boolean;
  readonly deadlineMs: number;
  /** Redis lost what it knew of presence in this time: nothing need be told, and what was told may be told again. */
  readonly isForgotten: boolean;
}

/**
 * A client that has no connection is told offline after the reconnect grace, unless it is back by then; when its shard crashed
 * that is noticed after its lease. The watchers hear of it within the slack, or once Redis is well again.
 */
export function absencesOf(client: Client, history: History, options: ObserverOptions): Absence[] {
  const forgotten = forgettingOf(history);
  return unconnectedOf(client).map(({ fromMs, toMs, dialledMs }) => {
    const goodbyeMs = leftMs(client, fromMs);
    const beganMs = Math.min(fromMs, goodbyeMs) - SEEN_EARLIER_MS;
    const { leaseMs, graceMs, slackMs } = options;
    const deadlineMs = heardBy(fromMs, leaseMs + graceMs + slackMs, history);
    // Who says goodbye with the last connection is offline at once; a goodbye that got lost has its grace.
    const soonestMs = goodbyeMs === Infinity ? beganMs + graceMs : beganMs;
    const mayBeTold = toMs >= soonestMs;
    return {
      fromMs,
      toMs,
      dialledMs,
      offline: mayBeTold ? { fromMs: soonestMs, toMs: heardBy(toMs, slackMs, history) } : null,
      isDue: dialledMs >= deadlineMs,
      deadlineMs,
      isForgotten: forgotten.some((span) => fromMs <= span.toMs && toMs >= span.fromMs),
    };
  });
}

/** When Redis lost what it knew: from when such a fault begins until all is told again after it. */
export function forgettingOf({ phases, faults }: Pick<History, 'phases' | 'faults'>): Span[] {
  return phases.spansOf('redis-lost-writes').map(({ fromMs, toMs }) => {
    const end = faults.findLast(([, tMs, , , what]) => what === 'end' && tMs >= fromMs && tMs < toMs);
    return { fromMs, toMs: end === undefined ? toMs : Math.min(toMs, end[1] + FORGOTTEN_MS) };
  });
}

/** What shards know they have told Redis again so long after a fault is over. */
const FORGOTTEN_MS = 5_000;

/** By when something is heard that takes so long: while Redis or clients are ill, that only counts from when they are well. */
export function heardBy(
  tMs: number,
  withinMs: number,
  { phases, endedMs }: Pick<History, 'phases' | 'endedMs'>,
): number {
  let byMs = tMs + withinMs;
  if (byMs === Infinity) return byMs;
  for (let phase = phases.indexAt(tMs); phase < phases.all.length; phase += 1) {
    const { fromMs, toMs } = phases.all[phase] ?? { fromMs: Infinity, toMs: 0 };
    if (fromMs > byMs) break;
    const isIll = phases.has(phase, 'gap-of-delivery') || phases.has(phase, 'clients-offline');
    if (isIll) byMs = Math.max(byMs, Math.min(toMs, endedMs) + withinMs);
  }
  return byMs;
}

/** When the client left by its own will before a time at which it was gone; Infinity when it did not. */
function leftMs({ presents }: Client, tMs: number): number {
  const last = presents.findLast(
    (present) => present.tMs <= tMs && (present.what === 'leaves' || present.what === 'comes'),
  );
  return last?.what === 'leaves' ? last.tMs : Infinity;
}
