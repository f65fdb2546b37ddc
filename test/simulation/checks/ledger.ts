import type { MembershipRecord } from './membership-record.ts';
import { Violation } from './violation.ts';

/** One message as its sender knows it. */
export interface Intent {
  /** Unique in the world. */
  readonly number: number;
  /** `inbox alice` or `channel news`. */
  readonly log: string;
  readonly sender: string;
  readonly atMs: number;
  state: 'under way' | 'accepted' | 'failed';
  settledAtMs: number;
}

/** What one application got of one log. */
interface Reading {
  readonly client: string;
  readonly log: string;
  readonly got: { readonly number: number; readonly atMs: number }[];
  /** When the application was told of a gap last. */
  gapAtMs: number;
  /** Whether it was told that it belongs to the channel no more. */
  hasLeft: boolean;
  /** When it came to belong to it again: what was said before is not owed to it. */
  joinedAtMs: number;
  /** When a join of its own, after a loss, found that it belonged to it no more. */
  rejoinedAtMs: number;
}

/** Every message that anybody meant to send, and what every application got. */
export class Ledger {
  readonly #nowMs: () => number;
  readonly #memberships: MembershipRecord;
  readonly #intents: Intent[] = [];
  readonly #readings = new Map<string, Reading>();
  readonly #positions = new Map<string, number>();
  /** When Redis lost data. */
  readonly #lossesMs: number[] = [];
  /** When it was a master of whose writes nothing is left. */
  readonly #lags: { readonly fromMs: number; readonly toMs: number }[] = [];

  constructor(nowMs: () => number, memberships: MembershipRecord) {
    this.#nowMs = nowMs;
    this.#memberships = memberships;
  }

  /** Somebody is about to send. */
  intend(sender: string, log: string): Intent {
    const number = this.#intents.length;
    const intent: Intent = { number, log, sender, atMs: this.#nowMs(), state: 'under way', settledAtMs: Infinity };
    this.#intents.push(intent);
    return intent;
  }

  settle(intent: Intent, state: 'accepted' | 'failed'): void {
    intent.state = state;
    intent.settledAtMs = this.#nowMs();
  }

  /** Redis lost what it had. */
  lose(): void {
    this.#lossesMs.push(this.#nowMs());
  }

  /** A replica took over that lacks what was written since a time: nobody can know of that, unless it was delivered. */
  loseSince(fromMs: number): void {
    this.#lags.push({ fromMs, toMs: this.#nowMs() });
    this.lose();
  }

  get count(): number {
    return this.#intents.length;
  }

  /** From now on all that is accepted for this log is owed to this client. */
  follow(client: string, log: string): void {
    this.#readings.set(`${client} ${log}`, {
      client,
      log,
      got: [],
      gapAtMs: -Infinity,
      hasLeft: false,
      joinedAtMs: -Infinity,
      rejoinedAtMs: -Infinity,
    });
  }

  /** A client is gone for good: nothing is owed to it any more. */
  forget(client: string): void {
    for (const [key, reading] of this.#readings) if (reading.client === client) this.#readings.delete(key);
  }

  /** When Redis lost data last. */
  get lostAtMs(): number {
    return this.#lossesMs.at(-1) ?? -Infinity;
  }

  /**
   * An application was told that it does not belong to a channel.
   *
   * @param wasHere - whether its shard has known, from before the loss on, that it does
   * @throws {Violation} needless leave
   */
  left(client: string, log: string, wasHere: boolean): void {
    this.#reading(client, log).hasLeft = true;
    if (wasHere || this.#lossesMs.length === 0) {
      throw new Violation('needless leave', `${client} was put out of ${log}`);
    }
  }

  /** An application was told that it belongs to a channel. */
  joined(client: string, log: string): void {
    const reading = this.#reading(client, log);
    if (!reading.hasLeft) return;
    reading.hasLeft = false;
    reading.joinedAtMs = this.#nowMs();
  }

  /** Business made a client a member that was none any more. */
  joinedAnew(client: string, log: string): void {
    this.#reading(client, log).joinedAtMs = this.#nowMs();
  }

  /** The same of a join that was no answer to a loss: between the two it is owed word of a gap instead of what was said. */
  rejoined(client: string, log: string): void {
    this.#reading(client, log).rejoinedAtMs = this.#nowMs();
  }

  /** An application got a message. @throws {Violation} phantom, doubled, position */
  got(client: string, log: string, number: unknown, position: string): void {
    const reading = this.#reading(client, log);
    const intent = typeof number === 'number' ? this.#intents[number] : undefined;
    if (intent?.log !== log) throw new Violation('phantom', `${client} got ${String(number)} in ${log}`);
    this.#memberships.got(client, log, intent);
    this.#checkPosition(log, position, intent.number);
    const earlier = reading.got.find((one) => one.number === intent.number);
    if (earlier !== undefined && !this.#hasLost(earlier.atMs, this.#nowMs()) && !this.#wasRepeatedByLoss(intent)) {
      throw new Violation('doubled', `${client} got ${intent.number} of ${log} twice, now at ${position}`);
    }
    if (earlier === undefined) reading.got.push({ number: intent.number, atMs: this.#nowMs() });
  }

  /** An application was told that something is lost. @throws {Violation} needless gap */
  gap(client: string, log: string, position: string): void {
    this.#reading(client, log).gapAtMs = this.#nowMs();
    if (this.#lossesMs.length === 0) {
      throw new Violation('needless gap', `${client} was told of a gap in ${log} at ${position}, and nothing was lost`);
    }
  }

  /** What is accepted and has not come, nor been told to be lost. */
  missing(): string[] {
    return [...this.#readings.values()].flatMap((reading) => {
      if (reading.hasLeft) return [`${reading.client} is not in ${reading.log} any more`];
      const got = new Set(reading.got.map(({ number }) => number));
      return this.#intents
        .filter(({ log, state, number }) => log === reading.log && state === 'accepted' && !got.has(number))
        .filter(
          (intent) =>
            !this.#isExcused(reading, intent) && this.#memberships.isOwed(reading.client, reading.log, intent),
        )
        .map(({ number }) => `${reading.client} misses ${number} of ${reading.log}`);
    });
  }

  /** @throws {Violation} order */
  checkOrder(): void {
    for (const { client, log, got } of this.#readings.values()) {
      const last = new Map<string, number>();
      for (const { number } of got) {
        const intent = this.#intents[number];
        // What failed may have taken effect all the same, at a later time.
        if (intent?.state !== 'accepted' || this.#wasRepeatedByLoss(intent)) continue;
        const before = last.get(intent.sender) ?? -1;
        if (number < before) throw new Violation('order', `${client} got ${number} after ${before} in ${log}`);
        last.set(intent.sender, number);
      }
    }
  }

  #reading(client: string, log: string): Reading {
    const reading = this.#readings.get(`${client} ${log}`);
    // Who is gone may hear the last of what was on its way.
    if (reading === undefined)
      return { client, log, got: [], gapAtMs: 0, hasLeft: false, joinedAtMs: 0, rejoinedAtMs: 0 };
    return reading;
  }

  #checkPosition(log: string, position: string, number: number): void {
    const key = `${log} ${position}`;
    const known = this.#positions.get(key);
    if (known !== undefined && known !== number) {
      throw new Violation('position', `${position} of ${log} stands for ${known} and for ${number}`);
    }
    this.#positions.set(key, number);
  }

  #hasLost(fromMs: number, toMs: number): boolean {
    return this.#lossesMs.some((atMs) => atMs >= fromMs && atMs <= toMs);
  }

  /** Its sender repeated it because it got no answer, and Redis had lost meanwhile that it was there. */
  #wasRepeatedByLoss({ atMs, settledAtMs }: Intent): boolean {
    return this.#hasLost(atMs, settledAtMs);
  }

  /** Redis lost it, and the application was told of that. */
  #isExcused({ gapAtMs, joinedAtMs, rejoinedAtMs }: Reading, { atMs, settledAtMs }: Intent): boolean {
    if (atMs < joinedAtMs) return true;
    const forgottenMs = this.#lossesMs.findLast((ms) => ms < atMs);
    if (forgottenMs !== undefined && atMs < rejoinedAtMs && gapAtMs >= forgottenMs) return true;
    if (this.#lags.some(({ fromMs, toMs }) => settledAtMs >= fromMs && atMs <= toMs)) return true;
    const lostAtMs = this.#lossesMs.find((ms) => ms >= atMs);
    return lostAtMs !== undefined && gapAtMs >= lostAtMs;
  }
}
