import { setTimeout as wait } from 'node:timers/promises';
import { type Flotilla, isFlotillaError } from '@flotilla-im/sdk';
import type { LogName, SendFailed } from '../../journal/record.ts';
import { type Journal, monotonicMs } from '../../journal/writer.ts';
import { keyOf, type LoadMessage } from './message.ts';
import { Pace } from './pace.ts';

/** Some logs and how many messages a second they get together. */
export interface Flow {
  readonly logs: readonly LogName[];
  readonly perSecond: number;
}

/** What a sender needs of the SDK. */
export interface Outlet {
  readonly send: Flotilla['send'];
  readonly channels: Pick<Flotilla['channels'], 'publish'>;
}

/** The pace is kept in steps of this. */
const STEP_MS = 10;
/** After a failure that names no time. */
const AGAIN_AFTER_MS = 200;

/**
 * A business service that sends, one message after another to each log, and sends again what was not accepted, as one
 * should: with the same key. It writes down what it is about to do before it does it; an answer that a kill keeps from being
 * written down is as one that never came.
 */
export class Sender {
  readonly #flotilla: Outlet;
  readonly #journal: Pick<Journal, 'write' | 'writeNow'>;
  readonly #life: string;
  /** Logs that wait for an answer: their next message would have no certain order. */
  readonly #busy = new Set<LogName>();
  /** How many messages each log got of this life, accepted or given up. */
  readonly #sent = new Map<LogName, number>();
  #running: symbol | null = null;
  #isEnded = false;

  /** @param life the name of this process */
  constructor(flotilla: Outlet, journal: Pick<Journal, 'write' | 'writeNow'>, life: string) {
    this.#flotilla = flotilla;
    this.#journal = journal;
    this.#life = life;
  }

  /** Messages without an answer yet. */
  get unanswered(): number {
    return this.#busy.size;
  }

  /** Takes over what an earlier life had begun: every other message is sent again, the rest is given up. */
  takeOver(messages: readonly LoadMessage[]): void {
    for (const [i, message] of messages.entries()) {
      if (i % 2 === 0) void this.#deliver(message);
      else this.#abandon(message);
    }
  }

  resume(flows: readonly Flow[]): void {
    if (this.#running !== null || this.#isEnded) return;
    this.#running = Symbol('running');
    for (const flow of flows) void this.#run(flow, this.#running);
  }

  /** What is on its way goes on. */
  pause(): void {
    this.#running = null;
  }

  /** Nothing is tried again from now on. */
  end(): void {
    this.pause();
    this.#isEnded = true;
  }

  /** Takes logs in turn, leaving out those that still wait. */
  async #run({ logs, perSecond }: Flow, running: symbol): Promise<void> {
    const pace = new Pace(perSecond, monotonicMs());
    let next = 0;
    while (this.#running === running) {
      let due = pace.due(monotonicMs());
      const messages: LoadMessage[] = [];
      for (let tried = 0; due > 0 && tried < logs.length; tried += 1) {
        const log = logs[next % logs.length];
        next += 1;
        if (log === undefined || this.#busy.has(log)) continue;
        due -= 1;
        pace.sent();
        messages.push(this.#nextOf(log));
      }
      this.#send(messages);
      await wait(STEP_MS);
    }
  }

  #nextOf(log: LogName): LoadMessage {
    const n = (this.#sent.get(log) ?? 0) + 1;
    this.#sent.set(log, n);
    return { life: this.#life, log, n };
  }

  /** All of a step are written down at once, before the first of them is sent. */
  #send(messages: readonly LoadMessage[]): void {
    const nowMs = monotonicMs();
    this.#journal.writeNow(...messages.map(({ life, log, n }) => ['intent', nowMs, life, log, n] as const));
    for (const message of messages) void this.#deliver(message);
  }

  async #deliver(message: LoadMessage): Promise<void> {
    const { life, log, n } = message;
    this.#busy.add(log);
    for (;;) {
      const retryInMs = await this.#attempt(message);
      if (retryInMs === 0) this.#journal.write(['accepted', monotonicMs(), life, log, n]);
      else if (retryInMs === null) this.#abandon(message);
      else {
        await wait(retryInMs);
        continue;
      }
      break;
    }
    this.#busy.delete(log);
  }

  /** @returns 0 when it was accepted, null when it never will be, else after how many milliseconds to call again */
  async #attempt({ life, log, n }: LoadMessage): Promise<number | null> {
    try {
      await this.#call({ life, log, n });
      return 0;
    } catch (error) {
      const known = isFlotillaError(error) ? error : null;
      const [code, isRetryable] = [known?.code ?? String(error), known?.retryable ?? false];
      const failed: SendFailed = ['failed', monotonicMs(), life, log, n, code, isRetryable];
      this.#journal.write(failed);
      return isRetryable && !this.#isEnded ? Math.max(1, known?.retryAfterMs ?? AGAIN_AFTER_MS) : null;
    }
  }

  async #call(message: LoadMessage): Promise<void> {
    const content = { from: null, data: message, key: keyOf(message) };
    const [kind, name] = partsOf(message.log);
    if (kind === 'inbox') await this.#flotilla.send({ ...content, to: name });
    else await this.#flotilla.channels.publish(name, content);
  }

  #abandon({ life, log, n }: LoadMessage): void {
    this.#journal.write(['abandoned', monotonicMs(), life, log, n]);
  }
}

function partsOf(log: LogName): [kind: string, name: string] {
  const colon = log.indexOf(':');
  return [log.slice(0, colon), log.slice(colon + 1)];
}
