import type { ClientKind, Present } from '../../journal/record.ts';
import type { Span } from './phases.ts';

/** A connection by which a shard served a client. */
export interface Serving {
  readonly connection: number;
  readonly shard: number;
  readonly dialledMs: number;
  readonly servedMs: number;
  /** Infinity: nobody saw it end. */
  closedMs: number;
}

/** What is known of a client but for its messages. */
export interface Client {
  readonly id: string;
  /** Of a client that no shard ever served nothing is known: it is promised all that there is. */
  kind: ClientKind;
  /** By when they were served. */
  readonly servings: Serving[];
  readonly presents: { readonly tMs: number; readonly what: Present[3] }[];
  /** When it was told of lost messages, and when it became a member, by log. */
  readonly gaps: Map<number, number[]>;
  readonly joins: Map<number, number[]>;
}

/** Somebody of whom nothing has been read yet. */
export function createClient(id: string): Client {
  return { id, kind: 'v1', servings: [], presents: [], gaps: new Map(), joins: new Map() };
}

/** When it left for good; Infinity for a client that never did. */
export function leftForGoodMs({ presents }: Client): number {
  const last = presents.findLast(({ what }) => what === 'leaves' || what === 'comes');
  return last?.what === 'leaves' ? last.tMs : Infinity;
}

/**
 * When a client could not have got anything, by its own doing: from when it leaves until a shard serves it again, and from
 * when it ceases to read until it goes on. A connection that ended meanwhile, or within `noticeMs` after, ended because of
 * that; then until a shard serves it again. Spans ascend and do not touch.
 */
export function awayOf(client: Client, noticeMs: number): Span[] {
  const spans: Span[] = [];
  let left: number | null = null;
  let stalled: number | null = null;
  for (const { tMs, what } of client.presents) {
    if (what === 'leaves') left ??= tMs;
    else if (what === 'stalls') stalled ??= tMs;
    else if (what === 'comes') {
      if (left !== null) spans.push({ fromMs: left, toMs: servedAfter(client, tMs) });
      left = null;
    } else {
      if (stalled !== null) spans.push({ fromMs: stalled, toMs: awakeAfter(client, stalled, tMs, noticeMs) });
      stalled = null;
    }
  }
  for (const fromMs of [left, stalled]) if (fromMs !== null) spans.push({ fromMs, toMs: Infinity });
  return merged(spans);
}

/** When a client did not read. */
export function stallsOf({ presents }: Client): Span[] {
  const spans: Span[] = [];
  let fromMs: number | null = null;
  for (const { tMs, what } of presents) {
    if (what === 'stalls') fromMs ??= tMs;
    if (what !== 'resumes' || fromMs === null) continue;
    spans.push({ fromMs, toMs: tMs });
    fromMs = null;
  }
  return fromMs === null ? spans : [...spans, { fromMs, toMs: Infinity }];
}

/** When a client had no connection at all. Spans ascend; the last one may be without end. `dialledMs`: of the one that ended it. */
export function unconnectedOf({ servings }: Client): (Span & { readonly dialledMs: number })[] {
  const spans = [];
  let openToMs = servings[0]?.closedMs ?? Infinity;
  for (const { dialledMs, servedMs, closedMs } of servings.slice(1)) {
    if (servedMs > openToMs) spans.push({ fromMs: openToMs, toMs: servedMs, dialledMs });
    openToMs = Math.max(openToMs, closedMs);
  }
  if (servings.length > 0 && openToMs < Infinity) spans.push({ fromMs: openToMs, toMs: Infinity, dialledMs: Infinity });
  return spans;
}

function servedAfter({ servings }: Client, tMs: number): number {
  return servings.find(({ servedMs }) => servedMs >= tMs)?.servedMs ?? Infinity;
}

function awakeAfter(client: Client, stalledMs: number, resumedMs: number, noticeMs: number): number {
  const untilMs = resumedMs + noticeMs;
  const lost = unconnectedOf(client).findLast(({ fromMs }) => fromMs >= stalledMs && fromMs <= untilMs);
  return Math.max(resumedMs, lost?.toMs ?? 0);
}

function merged(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = all.at(-1);
    if (last !== undefined && span.fromMs <= last.toMs) {
      all[all.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) };
    } else all.push(span);
  }
  return all;
}
