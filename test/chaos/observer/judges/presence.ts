import type { Violation } from '../verdict.ts';
import type { Client } from '../history/client.ts';
import type { Heard } from '../history/history.ts';
import type { Span } from '../history/phases.ts';
import { type Absence, absencesOf, forgettingOf, heardBy } from './absences.ts';
import type { Judging } from './judging.ts';
import { toldAbsences } from './told-absences.ts';

/** What figures call each kind. */
const COUNTED: Partial<Record<Violation['kind'], string>> = {
  ghost: 'presence told untrue',
  'double-presence': 'presence told twice',
  'missing-presence': 'presence not told',
  late: 'presence told late',
};

/**
 * Holds what every watcher heard of each client against the truth.
 *
 * A watcher is a consumer group of its own, over a durable stream: it hears of everything, in order for each client,
 * whatever happens to its process. A group gets events at least once; repetitions say so (`attempt`), and the watchers
 * write none of them down. So each must stand in the journal once:
 *
 * - online and offline in turn (otherwise `double-presence`, or `missing-presence` where the one between was due);
 * - offline for each absence past lease and grace, by its deadline (`missing-presence`, `late`), and at most once; for none
 *   shorter than the grace, and for nobody who is connected (`ghost`);
 * - online for nobody who is away (`ghost`), and nobody who left for good stays online (`ghost`).
 *
 * In phases with `clients-offline` a client may be told offline, once, whatever its own end thinks of its connection.
 */
export function judgePresence(judging: Judging): void {
  const { history, options } = judging;
  const forgotten = forgettingOf(history);
  for (const client of history.clients) {
    if (client.servings.length === 0) continue;
    const absences = absencesOf(client, history, options);
    for (const [watcher, heard] of history.watchers) {
      new Watched(judging, { client, watcher, absences, forgotten }).judge(heard.get(client.id) ?? []);
    }
  }
  for (const [watcher, heard] of history.watchers) judgeStrangers(judging, watcher, heard);
}

/** Nobody ever served them. */
function judgeStrangers(
  { history, findings }: Judging,
  watcher: string,
  heard: ReadonlyMap<string, readonly Heard[]>,
): void {
  const known = new Set(history.clients.filter(({ servings }) => servings.length > 0).map(({ id }) => id));
  for (const [id, events] of heard) {
    const first = events[0];
    if (first === undefined || known.has(id)) continue;
    findings.count(COUNTED.ghost ?? '', first.tMs);
    findings.violation('ghost', first.tMs, `${watcher} heard of ${id}, whom no shard served`);
  }
}

interface Watch {
  readonly client: Client;
  readonly watcher: string;
  readonly absences: readonly Absence[];
  readonly forgotten: readonly Span[];
}

/** What one watcher heard of one client. */
class Watched {
  readonly #judging: Judging;
  readonly #watch: Watch;
  readonly #told = new Set<Absence>();
  /** Which absence an offline event tells of. */
  #toldBy: ReadonlyMap<Heard, Absence> = new Map();
  /** Told offline because of an excuse, and by which phase. */
  readonly #excused: { readonly tMs: number; readonly phase: number }[] = [];
  /** When it should have been told online, and was not. */
  readonly #missing: number[] = [];
  #last: Heard | null = null;

  constructor(judging: Judging, watch: Watch) {
    this.#judging = judging;
    this.#watch = watch;
  }

  judge(heard: readonly Heard[]): void {
    const { client, absences } = this.#watch;
    this.#toldBy = toldAbsences(heard, absences);
    this.#toBeOnline(-Infinity, client.servings[0]?.servedMs ?? NaN, heard);
    for (const event of heard) {
      if (event.type === 'offline') this.#offline(event, heard);
      else this.#online(event);
      this.#last = event;
    }
    this.#neverTold(heard);
  }

  #offline(event: Heard, heard: readonly Heard[]): void {
    const { tMs } = event;
    const absence = this.#toldBy.get(event);
    const last = this.#last;
    if (last?.type !== 'online') {
      const isTold = this.#missing.some((missingMs) => missingMs >= (last?.tMs ?? -Infinity) && missingMs <= tMs);
      if (isTold || this.#isForgotten(last?.tMs ?? tMs, tMs)) {
        this.#tell(absence);
        return;
      }
      if (absence) this.#wrong('missing-presence', tMs, 'was told offline, but not online before that');
      else this.#wrong('double-presence', tMs, 'was told offline twice');
    } else if (absence === undefined) this.#offlineWithoutAbsence(tMs, heard);
    else if (tMs > absence.deadlineMs && absence.isDue && !absence.isForgotten) {
      this.#wrong('late', tMs, `was told offline late; it was gone since ${this.#judging.findings.at(absence.fromMs)}`);
    }
    this.#tell(absence);
    if (absence) this.#toBeOnline(tMs, absence.toMs, heard);
  }

  /**
   * Whoever was told offline, or is new, must be told online once it is back, unless it is soon gone again.
   *
   * @param afterMs - when it was told offline
   */
  #toBeOnline(afterMs: number, servedMs: number, heard: readonly Heard[]): void {
    const { leaseMs, graceMs, slackMs } = this.#judging.options;
    const byMs = heardBy(servedMs, leaseMs + graceMs + slackMs, this.#judging.history);
    const isGone = this.#watch.absences.some(({ fromMs }) => fromMs >= servedMs && fromMs <= servedMs + slackMs);
    if (byMs === Infinity || isGone || this.#isForgotten(servedMs - slackMs, servedMs + slackMs)) return;
    if (heard.some(({ type, tMs }) => type === 'online' && tMs > afterMs && tMs <= byMs)) return;
    this.#missing.push(servedMs);
    this.#wrong('missing-presence', servedMs, 'was served, and not told online');
  }

  #tell(absence: Absence | undefined): void {
    if (absence) this.#told.add(absence);
  }

  /** Its own end knows of no absence that is long enough. */
  #offlineWithoutAbsence(tMs: number, heard: readonly Heard[]): void {
    const { phases } = this.#judging.history;
    const heardMs = this.#judging.options.slackMs;
    const isExcused = phases.isExcused('clients-offline', tMs - heardMs, tMs);
    const phase = phases.has(phases.indexAt(tMs), 'clients-offline')
      ? phases.indexAt(tMs)
      : phases.indexAt(tMs - heardMs);
    if (!isExcused) this.#wrong('ghost', tMs, 'was told offline, but was there, or back within its grace');
    else if (this.#excused.some((earlier) => earlier.phase === phase)) {
      this.#wrong('double-presence', tMs, 'was told offline more than once because of the same fault');
    }
    this.#excused.push({ tMs, phase });
    const overMs = Math.max(tMs, phases.all[phase]?.toMs ?? tMs);
    const again = this.#watch.client.servings.find(({ servedMs }) => servedMs >= tMs && servedMs < overMs);
    const returnedMs = again?.servedMs ?? overMs;
    const isThere =
      returnedMs < Infinity && !this.#watch.absences.some((one) => returnedMs >= one.fromMs && returnedMs < one.toMs);
    if (isExcused && isThere) this.#toBeOnline(tMs, returnedMs, heard);
  }

  #online({ tMs }: Heard): void {
    const { absences, client } = this.#watch;
    const last = this.#last;
    if (last?.type === 'online') {
      if (this.#isForgotten(last.tMs, tMs)) return;
      const between = absences.find(
        (one) => one.offline !== null && !this.#told.has(one) && isWithin(one, last.tMs, tMs),
      );
      if (between === undefined) this.#wrong('double-presence', tMs, 'was told online twice');
      // What is due is told below.
      else if (!between.isDue)
        this.#wrong('missing-presence', tMs, 'was told online twice, and not offline in between');
      return;
    }
    // It may have been served without knowing, if that ended at once; but not once it had left, or before it came.
    const present = client.presents.findLast(
      (one) => one.tMs <= tMs && (one.what === 'comes' || one.what === 'leaves'),
    );
    const isBefore = tMs < Math.min(client.servings[0]?.dialledMs ?? Infinity, client.presents[0]?.tMs ?? Infinity);
    const { options, history } = this.#judging;
    const isUntrue = isBefore || (present?.what === 'leaves' && tMs > heardBy(present.tMs, options.slackMs, history));
    if (isUntrue) this.#wrong('ghost', tMs, 'was told online, but was not there');
  }

  #neverTold(heard: readonly Heard[]): void {
    const { absences } = this.#watch;
    const { findings } = this.#judging;
    for (const absence of absences) {
      const { fromMs, isDue, isForgotten } = absence;
      if (!isDue || isForgotten || this.#told.has(absence) || this.#isExcusedIn(absence, heard)) continue;
      this.#wrong('missing-presence', fromMs, `was gone since ${findings.at(fromMs)}, and not told offline`);
    }
    const gone = absences.at(-1);
    const isGhost = gone?.toMs === Infinity && gone.isDue && !gone.isForgotten && heard.at(-1)?.type === 'online';
    if (isGhost) this.#wrong('ghost', gone.fromMs, `left at ${findings.at(gone.fromMs)}, and is online to the end`);
  }

  /** It had been told offline before, because of an excuse, and not online since. */
  #isExcusedIn({ deadlineMs, toMs }: Absence, heard: readonly Heard[]): boolean {
    return this.#excused.some(({ tMs }) => {
      return (
        tMs <= deadlineMs && !heard.some((event) => event.type === 'online' && event.tMs > tMs && event.tMs <= toMs)
      );
    });
  }

  #isForgotten(fromMs: number, toMs: number): boolean {
    return this.#watch.forgotten.some((span) => fromMs <= span.toMs && toMs >= span.fromMs);
  }

  #wrong(kind: Violation['kind'], tMs: number, text: string): void {
    const { findings } = this.#judging;
    const { client, watcher } = this.#watch;
    findings.count(COUNTED[kind] ?? kind, tMs);
    findings.violation(kind, tMs, `${client.id} ${text} (${watcher}, at ${findings.at(tMs)})`);
  }
}

/** What it may be told online after: it is so before it knows. */
function isWithin({ fromMs, dialledMs }: Absence, afterMs: number, beforeMs: number): boolean {
  return dialledMs > afterMs && fromMs < beforeMs;
}
