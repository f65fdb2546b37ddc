import { type Client, awayOf, type Serving, stallsOf } from '../history/client.ts';
import type { Span } from '../history/phases.ts';
import { KIND_NAMES } from '../findings.ts';
import type { Judging } from './judging.ts';

/** A connection that ended although nothing asked for it. */
export interface UnmovedClose {
  readonly serving: Serving;
  readonly why: string;
}

/**
 * Connections that ended although their client neither left nor ceased to read, and was not moved:
 *
 * - a `flotilla.v1` client moves before its connection ends, so another shard has served it meanwhile;
 * - others come to another shard afterwards. Those who come back to the same one had no reason to go.
 *
 * One that ended while its client did not read, or within `noticeMs` after, ended because of that, also where the client had
 * another one by then.
 */
export function closedUnmoved(client: Client, away: readonly Span[], noticeMs: number): UnmovedClose[] {
  const { servings, kind } = client;
  const stalls = stallsOf(client);
  return servings.flatMap((serving, i) => {
    const { shard, servedMs, closedMs } = serving;
    if (closedMs === Infinity || away.some(({ fromMs, toMs }) => closedMs >= fromMs && closedMs <= toMs)) return [];
    if (stalls.some(({ fromMs, toMs }) => servedMs < toMs && closedMs >= fromMs && closedMs <= toMs + noticeMs))
      return [];
    const later = servings.slice(i + 1);
    if (kind !== 'v1') {
      const isBack = later.find((next) => next.servedMs >= servedMs)?.shard === shard;
      return isBack ? [{ serving, why: 'and it came back to the same shard' }] : [];
    }
    const hasMoved = later.some((other) => other.shard !== shard && other.servedMs <= closedMs);
    return hasMoved ? [] : [{ serving, why: 'before another shard served it' }];
  });
}

/** Tells connections that ended although unmoved, outside of `connections-close`. */
export function judgeConnections({ history, options, findings }: Judging): void {
  const { phases, clients } = history;
  for (const client of clients) {
    for (const { serving, why } of closedUnmoved(client, awayOf(client, options.lateMs), options.lateMs)) {
      const { closedMs, connection, shard } = serving;
      if (phases.has(phases.indexAt(closedMs), 'connections-close')) continue;
      findings.count('connections closed although unmoved', closedMs);
      const who = `connection ${connection} of ${client.id} (${KIND_NAMES[client.kind]})`;
      findings.violation(
        'closed-unmoved',
        closedMs,
        `${who} on shard ${shard} ended at ${findings.at(closedMs)}, ${why}`,
      );
    }
  }
}

const SECOND_MS = 1_000;
/** Within so many seconds arrivals are counted: a slow machine spreads a storm over more than one. */
const WINDOWS_S = [1, 2, 4];

/**
 * The most connections a second that one shard took in a phase, within one, two or four seconds: those that were dialled and
 * served within them. What a slow machine answers later did not come at once for that, so the shard took no fewer than these.
 */
export function peakArrivals({ history }: Pick<Judging, 'history'>): Map<number, number> {
  const { clients, phases } = history;
  const byShard = Map.groupBy(
    clients.flatMap(({ servings }) => servings),
    ({ shard }) => shard,
  );
  const peaks = new Map<number, number>();
  for (const arrivals of byShard.values()) {
    const sorted = arrivals.toSorted((a, b) => a.dialledMs - b.dialledMs);
    for (const [first, { servedMs }] of sorted.entries()) {
      const phase = phases.indexAt(servedMs);
      for (const seconds of WINDOWS_S) {
        peaks.set(phase, Math.max(peaks.get(phase) ?? 0, countWithin(sorted, first, seconds) / seconds));
      }
    }
  }
  return peaks;
}

/** How many were dialled and served within so many seconds of the dial of the first. */
function countWithin(sorted: readonly Serving[], first: number, seconds: number): number {
  const untilMs = (sorted[first]?.dialledMs ?? NaN) + seconds * SECOND_MS;
  let count = 0;
  for (let i = first; i < sorted.length; i += 1) {
    const arrival = sorted[i];
    if (arrival === undefined || arrival.dialledMs >= untilMs) break;
    if (arrival.servedMs < untilMs) count += 1;
  }
  return count;
}
