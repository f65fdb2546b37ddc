import { KIND_NAMES } from '../findings.ts';
import type { Client } from '../history/client.ts';
import type { Span } from '../history/phases.ts';
import { isDue } from './due.ts';
import type { Judging } from './judging.ts';
import type { Reading } from './reading.ts';

/** How one client got one log. */
export interface Read {
  readonly client: Client;
  /** When it could have got nothing, see `awayOf`. */
  readonly away: readonly Span[];
  readonly reading: Reading;
  /** When later messages than all before them came; only kept where Redis lost its writes. */
  readonly rises: readonly { readonly place: number; readonly tMs: number }[];
  /** By the time of each gap it was told of: which message, by its place, came first after it. */
  readonly followers: ReadonlyMap<number, number>;
}

/**
 * Messages that were accepted and due, and never came, are lost. Where Redis lost its writes that is allowed if the client
 * (or the business, for a bare client) was told after they were sent; but not of messages that were missing before: a
 * later one had come already, or it had taken too long. Of bare clients that were away when Redis lost everything the
 * business is told in one. What only a master had that died nobody can tell who was away, and had been given none of it.
 *
 * To be told of a loss where there is none is wrong as well, but where Redis lost its writes: nobody knows then. A client
 * that is promised to hear everything at least once may be told again, before the very message that followed the first time.
 */
export function judgeLosses(judging: Judging, read: Read): void {
  const { history, findings, lostWrites } = judging;
  const { messages, logs, lives } = history;
  const { client, reading } = read;
  const kind = KIND_NAMES[client.kind];
  const gaps = client.gaps.get(reading.log) ?? [];
  const isDueHere = isDue(client, messages, lostWrites, reading.log);
  const lostMs: number[] = [];
  const [from, to] = messages.range(reading.log);
  for (let place = from; place < to; place += 1) {
    if (reading.has(place) || !isDueHere(place)) continue;
    const [intentMs, acceptedMs] = [messages.intentMs[place] ?? NaN, messages.acceptedMs[place] ?? NaN];
    lostMs.push(intentMs);
    const isAway = wasAway(read, acceptedMs);
    const told = isAway && client.kind !== 'v1' ? [...gaps, ...history.lossesMs] : gaps;
    if (lostWrites.isTold(intentMs, acceptedMs, missedMs(judging, read, place), told)) {
      findings.count(`lost and told, ${kind}`, acceptedMs);
      continue;
    }
    if (isAway && isUnknown(judging, read, acceptedMs)) {
      findings.count(`lost with a master, ${kind}`, acceptedMs);
      continue;
    }
    findings.count(`lost, ${kind}`, acceptedMs);
    const message = `message ${messages.n[place] ?? 0} of ${lives.name(messages.life[place] ?? -1)} in ${logs.name(reading.log)}`;
    const text = `${message}, accepted at ${findings.at(acceptedMs)}, never reached ${client.id} (${kind})`;
    findings.violation('lost', acceptedMs, text);
  }
  for (const [i, gapMs] of gaps.entries()) {
    const isOfLoss = lostMs.some((tMs) => tMs <= gapMs && tMs > (gaps[i - 1] ?? -Infinity));
    if (isOfLoss || lostWrites.isDue(gapMs, gaps)) continue;
    if (client.kind !== 'v1' && isToldAgain(read.followers, gaps.slice(0, i), gapMs)) continue;
    findings.count('told of losses that are none', gapMs);
    const text = `${client.id} (${kind}) was told at ${findings.at(gapMs)} of losses in ${logs.name(reading.log)}; there are none`;
    findings.violation('told-lost', gapMs, text);
  }
}

function isToldAgain(followers: Read['followers'], earlier: readonly number[], gapMs: number): boolean {
  const follower = followers.get(gapMs);
  return follower !== undefined && earlier.some((otherMs) => followers.get(otherMs) === follower);
}

/** Whether it died with the only one that knew of it. The client library keeps positions: who has a later one knows. */
function isUnknown({ history, lostWrites }: Judging, { client, reading }: Read, acceptedMs: number): boolean {
  const death = lostWrites.deathAt(acceptedMs);
  if (death === null || client.kind !== 'v1') return death !== null;
  const { messages } = history;
  const [from, to] = messages.range(reading.log);
  for (let place = from; place < to; place += 1) {
    if (reading.has(place) && death.isGivenBy(messages.acceptedMs[place] ?? NaN)) return false;
  }
  return true;
}

function wasAway({ away }: Read, acceptedMs: number): boolean {
  return away.some(({ fromMs, toMs }) => fromMs <= acceptedMs && acceptedMs < toMs);
}

/** When it was certain that a message would not come in time; Infinity: at no time of its own. */
function missedMs({ history, options }: Judging, { away, rises }: Read, place: number): number {
  const acceptedMs = history.messages.acceptedMs[place] ?? NaN;
  const passedMs = rises.find((rise) => rise.place > place)?.tMs ?? Infinity;
  let lateMs = acceptedMs + options.lateMs;
  for (const { fromMs, toMs } of away) if (fromMs <= lateMs && toMs > acceptedMs) lateMs = toMs + options.lateMs;
  const isExcused = history.phases.isExcused('gap-of-delivery', acceptedMs, lateMs);
  return Math.min(passedMs, isExcused ? Infinity : lateMs);
}
