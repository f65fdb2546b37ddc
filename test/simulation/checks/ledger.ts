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
  /** When it was told that it belongs to the channel no more; null: it does. */
  leftAtMs: number | null;
}

/** Every message that anybody meant to send, and what every application got. */
export class Ledger {
  readonly #nowMs: () => number;
  readonly #intents: Intent[] = [];
  readonly #readings = new Map<string, Reading>();
  readonly #positions = new Map<string, number>();
  /** When Redis lost data. */
  readonly #lossesMs: number[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
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

  get count(): number {
    return this.#intents.length;
  }

  /** From now on all that is accepted for this log is owed to this client. */
  follow(client: string, log: string): void {
    this.#readings.set(`${client} ${log}`, { client, log, got: [], gapAtMs: -Infinity, leftAtMs: null });
  }

  /** A client is gone for good: nothing is owed to it any more. */
  forget(client: string): void {
    for (const [key, reading] of this.#readings) if (reading.client === client) this.#readings.delete(key);
  }

  /** An application was told that it does not belong to a channel. @throws {Violation} needless leave */
  left(client: string, log: string): void {
    this.#reading(client, log).leftAtMs ??= this.#nowMs();
    if (this.#lossesMs.length === 0) throw new Violation('needless leave', `${client} was put out of ${log}`);
  }

  /** An application got a message. @throws {Violation} phantom, doubled, position */
  got(client: string, log: string, number: unknown, position: string): void {
    const reading = this.#reading(client, log);
    const intent = typeof number === 'number' ? this.#intents[number] : undefined;
    if (intent?.log !== log) throw new Violation('phantom', `${client} got ${String(number)} in ${log}`);
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
      const got = new Set(reading.got.map(({ number }) => number));
      return this.#intents
        .filter(({ log, state, number }) => log === reading.log && state === 'accepted' && !got.has(number))
        .filter((intent) => !this.#isExcused(reading, intent))
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
    if (reading === undefined) return { client, log, got: [], gapAtMs: 0, leftAtMs: null };
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
  #isExcused({ gapAtMs, leftAtMs, got }: Reading, { atMs }: Intent): boolean {
    if (leftAtMs !== null) return true;
    const lostAtMs = this.#lossesMs.find((ms) => ms >= atMs);
    if (lostAtMs === undefined) return false;
    const beforeMs = this.#lossesMs.findLast((ms) => ms < lostAtMs) ?? -Infinity;
    // Who stands at the start of a log cannot be told from one to whom nothing was ever sent.
    return gapAtMs >= lostAtMs || !got.some((one) => one.atMs > beforeMs && one.atMs < lostAtMs);
  }
}
