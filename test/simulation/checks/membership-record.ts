import type { Intent } from './ledger.ts';
import { Violation } from './violation.ts';

/** One join or leave as the one who asked for it knows it. */
export interface Change {
  readonly kind: 'join' | 'leave';
  readonly beganMs: number;
  state: 'under way' | 'done' | 'failed';
  /** Infinity while it is under way. */
  endedMs: number;
}

/** What of the world decides how exact memberships must be. */
export interface Quiet {
  readonly nowMs: () => number;
  /** Since when nothing has been disturbed; Infinity while something is. */
  readonly sinceMs: () => number;
  /** Whether nothing was disturbed ever. */
  readonly isCalm: () => boolean;
}

/** A change that failed, or whose author died, may still take effect for so long: it waits in a shard or on a wire. */
const LATE_MS = 6_000;
/** In quiet times shards and clients have heard of a change by then. */
const HEARD_MS = 400;
/** So long after a disturbance times are quiet: lost notifies are found within a second. */
const CALMED_MS = 1_500;

/** Every join and leave of channels whose members change, and what follows from them for messages. */
export class MembershipRecord {
  readonly #quiet: Quiet;
  /** By client and log. */
  readonly #changes = new Map<string, Change[]>();
  readonly #logs = new Set<string>();
  readonly #told: {
    readonly client: string;
    readonly log: string;
    readonly kind: Change['kind'];
    readonly atMs: number;
  }[] = [];
  #isLossy = false;
  #isForgotten = false;

  constructor(quiet: Quiet) {
    this.#quiet = quiet;
  }

  /** Members of this log change; of all others everybody is a member. */
  watch(log: string): void {
    this.#logs.add(log);
  }

  /** Whether Redis has lost data: who belongs to a channel is then what business makes of it. */
  get isLossy(): boolean {
    return this.#isLossy;
  }

  /** Redis lost everything: what is in a log from then on counts as said to those whom their shards make members again. */
  lose(): void {
    this.#isLossy = true;
    this.#isForgotten = true;
  }

  /** A replica took over that lacks what was written since a time: whether that took effect, nobody knows. */
  loseSince(fromMs: number): void {
    this.#isLossy = true;
    for (const change of [...this.#changes.values()].flat()) {
      if (change.state === 'done' && change.endedMs >= fromMs) this.end(change, 'failed');
    }
  }

  /** Somebody is about to join or leave. */
  begin(client: string, log: string, kind: Change['kind']): Change {
    const change: Change = { kind, beganMs: this.#quiet.nowMs(), state: 'under way', endedMs: Infinity };
    this.#of(client, log).push(change);
    return change;
  }

  end(change: Change, state: 'done' | 'failed'): void {
    change.state = state;
    change.endedMs = this.#quiet.nowMs();
  }

  /** What was asked for last; null: nothing ever. */
  lastOf(client: string, log: string): Change['kind'] | null {
    return this.#of(client, log).at(-1)?.kind ?? null;
  }

  /** Whether a client is a member; null where that depends on which of several changes came last. */
  isMember(client: string, log: string): boolean | null {
    const changes = this.#of(client, log);
    if (changes.length === 0) return false;
    const last = changes.findLast(
      (one) => one.state === 'done' && changes.every((other) => other.kind === one.kind || isOver(other, one.beganMs)),
    );
    return last === undefined ? null : last.kind === 'join';
  }

  /** Whether by a time (now) it had been certain for so long, in quiet times, that everybody had heard of it. */
  isHeard(client: string, log: string, byMs = this.#quiet.nowMs()): boolean {
    const endedMs = Math.max(-Infinity, ...this.#of(client, log).map((change) => change.endedMs));
    return this.#heardMs(endedMs) < byMs;
  }

  /**
   * Whether a message that was accepted has to reach a client: it was a member before the sending began, and is one still; in
   * calm times also when it left later, if it had heard of its join by then.
   */
  isOwed(client: string, log: string, { atMs, settledAtMs }: Intent): boolean {
    if (!this.#logs.has(log)) return true;
    const changes = this.#of(client, log);
    return changes.some(
      (join) =>
        join.kind === 'join' &&
        join.state === 'done' &&
        join.endedMs <= atMs &&
        changes.every(
          (leave) =>
            leave.kind === 'join' ||
            isOver(leave, join.beganMs) ||
            (this.#quiet.isCalm() && leave.beganMs >= settledAtMs && this.#hadHeard(client, log, join, atMs)),
        ),
    );
  }

  /**
   * A message reached a client: it was a member at some time while it was being sent.
   *
   * @throws {Violation} stranger
   */
  got(client: string, log: string, { number, atMs, state, settledAtMs }: Intent): void {
    if (!this.#logs.has(log) || this.#isForgotten) return;
    const changes = this.#of(client, log);
    // What failed may have been appended all the same, at a later time.
    const lastMs = state === 'accepted' ? settledAtMs : Infinity;
    const isAllowed = changes.some((join) => {
      const isEnded = (leave: Change): boolean =>
        leave.kind === 'leave' && leave.state === 'done' && isOver(join, leave.beganMs) && this.#isUnheard(leave, atMs);
      return join.kind === 'join' && join.beganMs <= lastMs && !changes.some(isEnded);
    });
    if (!isAllowed) throw new Violation('stranger', `${client} got ${number} of ${log}, and was no member then`);
  }

  /** A client was told that it is in a channel now, or out of it. @throws {Violation} needless membership */
  told(client: string, log: string, kind: Change['kind']): void {
    this.#told.push({ client, log, kind, atMs: this.#quiet.nowMs() });
    if (this.#isLossy || !this.isHeard(client, log)) return;
    const isMember = this.isMember(client, log);
    if (isMember === null || isMember === (kind === 'join')) return;
    throw new Violation('needless membership', `${client} was told of a ${kind} in ${log}, and nobody asked for it`);
  }

  /** Whether a message that was begun at a time was begun long after all shards had heard of a leave. */
  #isUnheard({ endedMs }: Change, atMs: number): boolean {
    return this.#heardMs(endedMs) < atMs;
  }

  #heardMs(endedMs: number): number {
    return Math.max(endedMs + HEARD_MS, this.#quiet.sinceMs() + CALMED_MS);
  }

  #hadHeard(client: string, log: string, join: Change, byMs: number): boolean {
    const last = this.#told.findLast((one) => one.client === client && one.log === log && one.atMs <= byMs);
    return last !== undefined && last.kind === 'join' && last.atMs >= join.beganMs;
  }

  #of(client: string, log: string): Change[] {
    const key = `${client} ${log}`;
    let changes = this.#changes.get(key);
    if (changes === undefined) this.#changes.set(key, (changes = []));
    return changes;
  }
}

/** Whether nothing of a change can happen any more at a time. */
function isOver({ state, endedMs }: Change, atMs: number): boolean {
  return state === 'done' ? endedMs <= atMs : endedMs + LATE_MS <= atMs;
}
