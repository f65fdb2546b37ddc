import { type Flotilla, isFlotillaError } from '@flotilla-im/sdk';
import { setTimeout as wait } from 'node:timers/promises';
import { Durations } from './ledger/durations.ts';
import type { SenderReport } from './ledger/report.ts';
import type { Stream } from './ledger/stream.ts';

/** A log that is sent to. */
export interface Target {
  readonly kind: 'inbox' | 'channel';
  readonly stream: Stream;
}

/** Some targets and how many messages a second they get together. */
export interface Flow {
  readonly targets: readonly Target[];
  readonly perSecond: number;
}

/** What a message of the load carries. */
export interface LoadData {
  /** Name of the stream. */
  readonly s: string;
  /** Its number in the stream. */
  readonly n: number;
}

/** The pace is kept in steps of this. */
const STEP_MS = 10;
/** After a failure that says nothing else. */
const AGAIN_AFTER_MS = 200;

/** A business service that sends, and that sends again what was not accepted, as one should: with the same key. */
export class Sender {
  readonly #flotilla: Flotilla;
  readonly #flows: readonly Flow[];
  readonly #busy = new Set<Stream>();
  readonly #acceptMs = new Durations();
  readonly #faults: (text: string) => void;
  #failed: Record<string, number> = {};
  #accepted = 0;
  /** When this window's sending began last, and how long it lasted before. */
  #since: { readonly resumedMs: number | null; readonly earlierMs: number } = { resumedMs: null, earlierMs: 0 };
  #isSending = false;

  /** @param faults told of calls that fail in a way that no repetition mends */
  constructor(flotilla: Flotilla, flows: readonly Flow[], faults: (text: string) => void) {
    this.#flotilla = flotilla;
    this.#flows = flows;
    this.#faults = faults;
  }

  get isSending(): boolean {
    return this.#isSending;
  }

  /** Messages without an answer yet. */
  get unanswered(): number {
    return this.#busy.size;
  }

  resume(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#since = { ...this.#since, resumedMs: performance.now() };
    for (const flow of this.#flows) void this.#run(flow);
  }

  /** What is on its way goes on. */
  pause(): void {
    this.#isSending = false;
    this.#since = { resumedMs: null, earlierMs: this.#sendingMs };
  }

  mark(): void {
    this.#failed = {};
    this.#accepted = 0;
    this.#acceptMs.clear();
    this.#since = { resumedMs: this.#isSending ? performance.now() : null, earlierMs: 0 };
  }

  report(): SenderReport {
    const seconds = Math.max(0.001, this.#sendingMs / 1_000);
    return {
      accepted: this.#accepted,
      perSecond: this.#accepted / seconds,
      failed: this.#failed,
      acceptMs: this.#acceptMs.summary(),
    };
  }

  get #sendingMs(): number {
    const { resumedMs, earlierMs } = this.#since;
    return earlierMs + (resumedMs === null ? 0 : performance.now() - resumedMs);
  }

  /** Takes targets in turn; one that still waits for an answer is left out, since its log's order would be a guess. */
  async #run({ targets, perSecond }: Flow): Promise<void> {
    let next = 0;
    let lastMs = performance.now();
    let owed = 0;
    while (this.#isSending) {
      const nowMs = performance.now();
      // What an outage kept from being sent is not sent in one go after it.
      owed = Math.min(owed + ((nowMs - lastMs) * perSecond) / 1_000, Math.max(1, perSecond / 10));
      lastMs = nowMs;
      for (let tried = 0; owed >= 1 && tried < targets.length; tried += 1) {
        const target = targets[next % targets.length];
        next += 1;
        if (target === undefined || this.#busy.has(target.stream)) continue;
        owed -= 1;
        void this.#deliver(target);
      }
      await wait(STEP_MS);
    }
  }

  async #deliver({ kind, stream }: Target): Promise<void> {
    this.#busy.add(stream);
    const number = stream.accepted + 1;
    const data: LoadData = { s: stream.name, n: number };
    const content = { from: null, data, key: `${stream.name} ${number}` };
    const startedMs = performance.now();
    for (;;) {
      try {
        if (kind === 'inbox') await this.#flotilla.send({ ...content, to: stream.name });
        else await this.#flotilla.channels.publish(stream.name, content);
        break;
      } catch (error) {
        await wait(this.#failure(error));
      }
    }
    const nowMs = performance.now();
    stream.accept(nowMs);
    this.#accepted += 1;
    this.#acceptMs.add(nowMs - startedMs);
    this.#busy.delete(stream);
  }

  /** @returns after how many milliseconds to try again */
  #failure(error: unknown): number {
    const code = isFlotillaError(error) ? error.code : 'unknown';
    this.#failed[code] = (this.#failed[code] ?? 0) + 1;
    if (!isFlotillaError(error) || !error.retryable) this.#faults(`a send failed for good: ${String(error)}`);
    return (isFlotillaError(error) ? error.retryAfterMs : undefined) ?? AGAIN_AFTER_MS;
  }
}
