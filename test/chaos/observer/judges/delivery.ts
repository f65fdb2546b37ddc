import type { Client } from '../history/client.ts';
import { awayOf } from '../history/client.ts';
import type { Span } from '../history/phases.ts';
import { KIND_NAMES } from '../findings.ts';
import { ClientGaps } from './client-gaps.ts';
import { judgeLosses } from './losses.ts';
import type { Judging } from './judging.ts';
import { createReading, type Outcome, type Reading } from './reading.ts';

/** A call that takes longer may have been repeated by the SDK, within itself. */
const REPEATED_MS = 200;

/**
 * Holds what reached each client's application against what was sent, log by log.
 *
 * - Phantom: nobody meant to send it, nobody had yet when it came, or it concerns another client.
 * - Duplicated, reordered: see {@link Reading}. A message whose answer was lost is sent again with the same key, which the
 *   system knows it by; where Redis lost its writes the key is gone, and the message may come once more.
 * - Late: it took longer than `lateMs`, outside of `gap-of-delivery`, to a client who could have got it.
 * - Lost, told for nothing: see {@link judgeLosses}.
 */
export function judgeDelivery(judging: Judging): void {
  for (const [number, client] of judging.history.clients.entries()) {
    const receiver = new Receiver(judging, client);
    for (const row of judging.history.arrivals.of(number)) receiver.take(row);
    receiver.end();
  }
}

class Receiver {
  readonly #judging: Judging;
  readonly #client: Client;
  readonly #readings: ReadonlyMap<number, Reading>;
  readonly #away: readonly Span[];
  readonly #gaps: ClientGaps;
  /** For each log, when a message came that is later than all before it: where it stands, and when. */
  readonly #rises = new Map<Reading, { readonly place: number; readonly tMs: number }[]>();
  /** For each log, which message came first after each time that the client was told of losses in it. */
  readonly #followers = new Map<Reading, Map<number, number>>();

  constructor(judging: Judging, client: Client) {
    const { messages, logs } = judging.history;
    const own = logs.find(`inbox:${client.id}`);
    const concerned = [...(own === undefined ? [] : [own]), ...client.joins.keys()];
    this.#judging = judging;
    this.#client = client;
    this.#readings = new Map(concerned.map((log) => [log, createReading(messages, log, client.kind === 'v1')]));
    this.#away = awayOf(client, judging.options.lateMs);
    this.#gaps = new ClientGaps(client, this.#away);
  }

  take(row: number): void {
    const { arrivals, messages } = this.#judging.history;
    const tMs = arrivals.tMs[row] ?? NaN;
    const [log, life, n] = [arrivals.log[row] ?? -1, arrivals.life[row] ?? -1, arrivals.n[row] ?? -1];
    const place = messages.find(log, life, n);
    const reading = this.#readings.get(log);
    if (place < 0 || reading === undefined || tMs < (messages.intentMs[place] ?? NaN)) {
      this.#phantom(tMs, this.#name(log, life, n), place, reading);
      return;
    }
    this.#follow(reading, place, tMs);
    const outcome = reading.take(place, arrivals.connection[row] ?? 0);
    if (outcome === 'new') this.#new(reading, place, tMs);
    else this.#again(outcome, place, tMs);
    this.#gaps.arrived(tMs);
  }

  end(): void {
    const { judging, client, away } = { judging: this.#judging, client: this.#client, away: this.#away };
    for (const reading of this.#readings.values()) {
      const [rises, followers] = [
        this.#rises.get(reading) ?? [],
        this.#followers.get(reading) ?? new Map<number, number>(),
      ];
      judgeLosses(judging, { client, away, reading, rises, followers });
    }
    // Of a log that does not concern it nothing can be lost to it.
    for (const [log, gaps] of client.gaps) {
      if (this.#readings.has(log)) continue;
      const untrue = gaps.filter((tMs) => !judging.lostWrites.isDue(tMs, gaps));
      for (const tMs of untrue)
        this.#violation('told-lost', tMs, `was told of losses in ${judging.history.logs.name(log)}`);
    }
    judging.measures.gaps.add(client, this.#gaps);
  }

  #new(reading: Reading, place: number, tMs: number): void {
    const { history, findings, measures, lostWrites } = this.#judging;
    const { messages, phases } = history;
    measures.delivered(tMs);
    findings.count(`delivered`, tMs);
    if (lostWrites.spans.length > 0) this.#rise(reading, place, tMs);
    const acceptedMs = messages.acceptedMs[place] ?? NaN;
    if (Number.isNaN(acceptedMs)) return;
    const freeMs = this.#gaps.freeSinceMs(tMs);
    if (acceptedMs >= freeMs) measures.latency(tMs, Math.max(0, tMs - acceptedMs));
    this.#gaps.ended(acceptedMs, tMs);
    const waitedSinceMs = Math.max(acceptedMs, freeMs);
    const isLate = tMs - waitedSinceMs > this.#judging.options.lateMs;
    if (!isLate || phases.isExcused('gap-of-delivery', waitedSinceMs, tMs)) return;
    findings.count(`late`, acceptedMs);
    this.#violation('late', acceptedMs, `waited ${Math.round(tMs - waitedSinceMs)} ms for ${this.#nameOf(place)}`);
  }

  #again(outcome: Exclude<Outcome, 'new'>, place: number, tMs: number): void {
    const { history, findings, measures, lostWrites } = this.#judging;
    const { messages } = history;
    const kind = KIND_NAMES[this.#client.kind];
    if (outcome === 'reordered') {
      measures.delivered(tMs);
      findings.count('delivered', tMs);
    }
    const [intentMs, acceptedMs] = [messages.intentMs[place] ?? NaN, messages.acceptedMs[place] ?? Infinity];
    const endMs = Number.isNaN(acceptedMs) ? tMs : Math.min(acceptedMs, tMs);
    const isResent = messages.resent[place] === 1 || endMs - intentMs >= REPEATED_MS;
    const isKeyLost = outcome === 'duplicated' && isResent && lostWrites.overlaps(intentMs, endMs);
    if (outcome === 'repeated' || isKeyLost) {
      findings.count(`repeated, ${kind}`, tMs);
      return;
    }
    findings.count(`${outcome}, ${kind}`, tMs);
    const how = outcome === 'duplicated' ? 'once more' : 'after a later one';
    this.#violation(outcome, tMs, `got ${this.#nameOf(place)} at ${findings.at(tMs)} ${how}`);
  }

  #phantom(tMs: number, message: string, place: number, reading: Reading | undefined): void {
    const why = reading === undefined ? 'which is not for it' : place < 0 ? 'which nobody sent' : 'before it was sent';
    this.#judging.findings.count('phantom', tMs);
    this.#violation('phantom', tMs, `got ${message} at ${this.#judging.findings.at(tMs)}, ${why}`);
  }

  #violation(kind: 'duplicated' | 'reordered' | 'phantom' | 'late' | 'told-lost', tMs: number, text: string): void {
    const { id, kind: clientKind } = this.#client;
    if (kind === 'told-lost') this.#judging.findings.count('told of losses that are none', tMs);
    this.#judging.findings.violation(kind, tMs, `${id} (${KIND_NAMES[clientKind]}) ${text}`);
  }

  #rise(reading: Reading, place: number, tMs: number): void {
    const rises = this.#rises.get(reading) ?? [];
    this.#rises.set(reading, rises);
    if (place > (rises.at(-1)?.place ?? -1)) rises.push({ place, tMs });
  }

  #follow(reading: Reading, place: number, tMs: number): void {
    const gapMs = this.#client.gaps.get(reading.log)?.findLast((toldMs) => toldMs <= tMs);
    if (gapMs === undefined) return;
    const followers = this.#followers.get(reading) ?? new Map<number, number>();
    this.#followers.set(reading, followers);
    if (!followers.has(gapMs)) followers.set(gapMs, place);
  }

  #nameOf(place: number): string {
    const { messages } = this.#judging.history;
    return this.#name(messages.log[place] ?? -1, messages.life[place] ?? -1, messages.n[place] ?? -1);
  }

  #name(log: number, life: number, n: number): string {
    const { logs, lives } = this.#judging.history;
    return `message ${n} of ${lives.name(life)} in ${logs.name(log)}`;
  }
}
