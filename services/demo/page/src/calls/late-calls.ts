import type { CallData } from '../../../src/words.ts';
import type { Calls, StartCallsDeps } from './start-calls.ts';

/** Calls, whose part of the page is loaded when somebody first calls, or is called. */
export class LateCalls {
  readonly #deps: StartCallsDeps;
  #calls: Promise<Calls> | null = null;

  constructor(deps: StartCallsDeps) {
    this.#deps = deps;
    // Whoever calls next hears that nobody is here, not that a connection dropped.
    addEventListener('pagehide', () => navigator.sendBeacon('/api/calls/goodbye'));
  }

  /** Rejects when the page's part could not be loaded; all else is shown by it. */
  async dial(other: string, video: boolean): Promise<void> {
    const { changed } = this.#deps;
    changed(true, null);
    const calls = await this.#load().catch((error: unknown) => {
      changed(false, null);
      throw error;
    });
    await calls.dial(other, video);
  }

  /** In the order in which it is called. */
  heard(data: CallData): void {
    if (data.type !== 'ring' && this.#calls === null) return;
    // What could not be loaded is tried again when it rings again.
    this.#load()
      .then((calls) => calls.heard(data))
      .catch(() => undefined);
  }

  #load(): Promise<Calls> {
    return (this.#calls ??= import('./start-calls.ts')
      .then(({ startCalls }) => startCalls(this.#deps))
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
