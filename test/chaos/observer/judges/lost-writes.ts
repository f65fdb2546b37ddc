import type { Phases, Span } from '../history/phases.ts';

/**
 * What may be gone because Redis lost what it had accepted (`redis-lost-writes`). Everybody concerned must be told, but
 * whoever is away then is told on their return.
 */
export class LostWrites {
  readonly spans: readonly Span[];
  readonly #deaths: readonly Span[];

  constructor(phases: Phases) {
    this.spans = phases.spansOf('redis-lost-writes');
    this.#deaths = phases.spansOf('master-dies');
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

  /** Whether a message may have died with the only one that knew of it. */
  isUnknown(acceptedMs: number): boolean {
    return this.#deaths.some(({ fromMs, toMs }) => acceptedMs >= fromMs && acceptedMs < toMs);
  }

  /** Whether it may have happened at any moment from one time to another. */
  overlaps(beganMs: number, endedMs: number): boolean {
    return this.spans.some(({ fromMs, toMs }) => endedMs >= fromMs && beganMs < toMs);
  }
}
