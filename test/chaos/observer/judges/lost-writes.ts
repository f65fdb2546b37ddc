import type { Sample } from '../../journal/record.ts';
import type { History } from '../history/history.ts';
import type { Phases, Span } from '../history/phases.ts';

/**
 * A sender may hear so long after a master's death that it was accepted: its process was busy. Whoever succeeds the master
 * accepts nothing before that: Sentinel waits for a second before it takes a master for dead.
 */
const ANSWERED_MS = 1_000;
/** How long it takes to cut a replica off. */
const CUTTING_MS = 250;

/**
 * What may be gone because Redis lost what it had accepted (`redis-lost-writes`). Everybody concerned must be told, but
 * whoever is away then is told on their return.
 */
export class LostWrites {
  readonly spans: readonly Span[];
  readonly #deaths: readonly Span[];

  constructor({ phases, samples }: Pick<History, 'phases' | 'samples'>) {
    this.spans = phases.spansOf('redis-lost-writes');
    this.#deaths = deathsOf(phases, samples);
  }

  /**
   * The times from which on a loss may have been told for which this gap stands: that of the phase it is told in, or an
   * earlier one that its receiver had not been told of.
   *
   * @param gaps - when this client was told of this log, ascending
   */
  isDue(gapMs: number, gaps: readonly number[]): boolean {
    return this.spans.some(({ fromMs, toMs }) => {
      if (gapMs < fromMs) return false;
      return gapMs < toMs || !gaps.some((other) => other >= fromMs && other < gapMs);
    });
  }

  /**
   * Whether a message may be gone and its receiver knows. The receiver may know before the sender is told that it was
   * accepted, but not before it was sent.
   *
   * @param missedMs - when it was certain already that the message is missing
   */
  isTold(intentMs: number, acceptedMs: number, missedMs: number, gaps: readonly number[]): boolean {
    return this.spans.some(
      ({ fromMs, toMs }) =>
        acceptedMs < toMs && missedMs >= fromMs && gaps.some((gapMs) => gapMs >= Math.max(fromMs, intentMs)),
    );
  }

  /**
   * When the only one that knew of a message was alone and died (`master-dies`); null where others knew. Nobody else can tell of it,
   * but a client that was given something of that time: its own position says that more is missing.
   */
  deathAt(acceptedMs: number): { readonly isGivenBy: (acceptedMs: number) => boolean } | null {
    const death = this.#deaths.find(({ fromMs, toMs }) => acceptedMs >= fromMs && acceptedMs < toMs + ANSWERED_MS);
    if (death === undefined) return null;
    return { isGivenBy: (tMs) => tMs >= death.fromMs + CUTTING_MS && tMs < death.toMs };
  }

  /** Whether it may have happened at any moment from one time to another. */
  overlaps(beganMs: number, endedMs: number): boolean {
    return this.spans.some(({ fromMs, toMs }) => endedMs >= fromMs && beganMs < toMs);
  }
}

/** From when a master had no replica any more until it died, as the campaign wrote it down, where a phase excuses that. */
function deathsOf(phases: Phases, samples: readonly Sample[]): Span[] {
  const marks = samples.filter(([, , name]) => name === 'master.alone').toSorted((a, b) => a[1] - b[1]);
  return marks.flatMap(([, fromMs, , isAlone], i) => {
    const died = marks[i + 1];
    const isExcused = isAlone === 1 && phases.has(phases.indexAt(fromMs), 'master-dies');
    return isExcused && died?.[3] === 0 ? [{ fromMs, toMs: died[1] }] : [];
  });
}
