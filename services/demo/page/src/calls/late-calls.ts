import type { CallData } from '../../../src/words.ts';
import { CallsElsewhere, SIGN_HOLDS_MS } from './calls-elsewhere.ts';
import type { Calls, StartCallsDeps } from './start-calls.ts';

/** Where this person is in a call, or about to be; null: nowhere. */
export type InCall = 'here' | 'elsewhere' | null;

/** What the page gives. */
export interface LateCallsDeps {
  /**
   * Called after every change.
   *
   * @param title - for the page while somebody calls; null: nobody
   */
  readonly changed: (inCall: InCall, title: string | null) => void;
}

/** Calls, whose part of the page is loaded when somebody first calls, or is called. */
export class LateCalls {
  readonly #deps: LateCallsDeps;
  readonly #elsewhere = new CallsElsewhere();
  #calls: Promise<Calls> | null = null;
  #isHere = false;
  #title: string | null = null;

  constructor(deps: LateCallsDeps) {
    this.#deps = deps;
    // Whoever calls next hears that nobody is here, not that a connection dropped.
    addEventListener('pagehide', () => navigator.sendBeacon('/api/calls/goodbye'));
  }

  /** Rejects when the page's part could not be loaded; all else is shown by it. */
  async dial(other: string, video: boolean): Promise<void> {
    this.#changed(true, null);
    const calls = await this.#load().catch((error: unknown) => {
      this.#changed(false, null);
      throw error;
    });
    await calls.dial(other, video);
  }

  /** In the order in which it is called. */
  heard(data: CallData): void {
    const isEnd = data.type === 'ended' || (data.type === 'answered' && data.outcome === 'refused');
    if (isEnd) this.over(data.call);
    if (data.type !== 'ring' && this.#calls === null) return;
    // What could not be loaded is tried again when it rings again.
    this.#load()
      .then((calls) => calls.heard(data))
      .catch(() => undefined);
  }

  /** One of the pages in a call of this person's says that it is. */
  sign(call: string): void {
    this.#elsewhere.sign(call, performance.now());
    this.#tell();
    // It fades by itself.
    setTimeout(() => this.#tell(), SIGN_HOLDS_MS + 50);
  }

  /** A call of this person's is over. */
  over(call: string): void {
    this.#elsewhere.leaveOut(call);
    this.#tell();
  }

  #changed(isHere: boolean, title: string | null): void {
    this.#isHere = isHere;
    this.#title = title;
    this.#tell();
  }

  #tell(): void {
    const elsewhere = this.#elsewhere.isAny(performance.now()) ? 'elsewhere' : null;
    this.#deps.changed(this.#isHere ? 'here' : elsewhere, this.#title);
  }

  #load(): Promise<Calls> {
    const deps: StartCallsDeps = {
      changed: (isInCall, title) => this.#changed(isInCall, title),
      tookPart: (call) => this.#elsewhere.leaveOut(call),
    };
    return (this.#calls ??= import('./start-calls.ts')
      .then(({ startCalls }) => startCalls(deps))
      .catch(() => {
        this.#calls = null;
        throw new Error('Calls could not be loaded. Reload the page: it may be older than its service.');
      }));
  }
}

/** Whether a message is about a call. */
export function isCallData(data: unknown): data is CallData {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'call';
}
