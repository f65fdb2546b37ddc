import type { Heard } from '../history/history.ts';
import type { Absence } from './absences.ts';

/** An absence that must be told counts for more than any number of those that may be. */
const DUE = 1_000_000;
const ALLOWED = 10;
/** What tells of a return after it fits better than what came before it. */
const FOLLOWED = 1;

/**
 * Which absence each offline event tells of: at most one each, in order, and so that as many absences as possible are told
 * of that must be. Windows overlap while Redis is ill, and an absence that may be told need not be: who took the first that
 * fits would leave one out that must be told. Where it makes no difference an event is of the latest absence.
 *
 * @param heard - what a watcher heard of one client, in the order of time
 */
export function toldAbsences(heard: readonly Heard[], absences: readonly Absence[]): ReadonlyMap<Heard, Absence> {
  const events = heard.filter(({ type }) => type === 'offline');
  const worths = events.map((event) => absences.map((absence) => worthOf(event, absence, returnAfter(heard, event))));
  // best[i][j]: of the events from i on and the absences from j on.
  const best = Array.from({ length: events.length + 1 }, () => new Float64Array(absences.length + 1));
  const matched = (i: number, j: number): number => {
    const worth = worths[i]?.[j] ?? 0;
    return worth === 0 ? -1 : worth + (best[i + 1]?.[j + 1] ?? 0);
  };
  for (let i = events.length - 1; i >= 0; i--) {
    const row = best[i] as Float64Array;
    for (let j = absences.length - 1; j >= 0; j--) {
      row[j] = Math.max(row[j + 1] ?? 0, best[i + 1]?.[j] ?? 0, matched(i, j));
    }
  }
  const told = new Map<Heard, Absence>();
  for (let i = 0, j = 0; i < events.length && j < absences.length;) {
    const most = best[i]?.[j] ?? 0;
    if (most === best[i]?.[j + 1]) j += 1;
    else if (most === matched(i, j)) told.set(events[i++] as Heard, absences[j++] as Absence);
    else i += 1;
  }
  return told;
}

function worthOf({ tMs }: Heard, { offline, isDue, dialledMs }: Absence, returnMs: number): number {
  if (offline === null || tMs < offline.fromMs || tMs > offline.toMs) return 0;
  return (isDue ? DUE : ALLOWED) + (returnMs >= dialledMs ? FOLLOWED : 0);
}

/** When the client was told online next; Infinity: it was not. */
function returnAfter(heard: readonly Heard[], event: Heard): number {
  const next = heard[heard.indexOf(event) + 1];
  return next?.type === 'online' ? next.tMs : Infinity;
}
