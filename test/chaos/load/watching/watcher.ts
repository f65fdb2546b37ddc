import { setTimeout as wait } from 'node:timers/promises';
import type { PresenceChange, PresenceEvent } from '@flotilla-im/sdk';
import { monotonicMs } from '../../journal/writer.ts';
import type { Write } from '../mutants/mutate.ts';
import { kindOf, logOf } from '../people.ts';

const STEP_MS = 50;

/** What a business process writes down of presence, and whom it thinks online. */
export class Watcher {
  readonly #name: string;
  readonly #tellsGaps: boolean;
  readonly #write: Write;
  /** The latest event of each client. */
  readonly #latest = new Map<string, PresenceChange>();

  /** @param tellsGaps whether it writes down that messages for bare clients are lost, which only the business is told */
  constructor(name: string, tellsGaps: boolean, write: Write) {
    this.#name = name;
    this.#tellsGaps = tellsGaps;
    this.#write = write;
  }

  handle(event: PresenceEvent): void {
    const nowMs = monotonicMs();
    const { clientId } = event;
    if (event.type === 'lost') this.#write(['loss', nowMs, this.#name]);
    else if (event.type === 'gap') {
      const isBare = kindOf(clientId) === 'plain';
      if (this.#tellsGaps && isBare) this.#write(['gap', nowMs, clientId, logOf(clientId, event.channel)]);
    } else if (event.type === 'online' || event.type === 'offline') {
      if (this.#isRepeated(event)) return;
      this.#latest.set(clientId, event);
      this.#write(['presence', nowMs, this.#name, clientId, event.type, event.reason ?? '']);
    }
  }

  /** Resolves when it has heard that everybody is offline whom it had heard to be online, or after so long. */
  async allOffline(timeoutMs: number): Promise<void> {
    const untilMs = monotonicMs() + timeoutMs;
    const isOnline = (): boolean => [...this.#latest.values()].some(({ type }) => type === 'online');
    while (isOnline() && monotonicMs() < untilMs) await wait(STEP_MS);
  }

  /** A group gets events at least once: what was handled, but could not be confirmed, comes again, and says so. */
  #isRepeated({ clientId, type, at, attempt }: PresenceChange): boolean {
    const latest = this.#latest.get(clientId);
    return attempt > 1 && latest?.type === type && latest.at === at;
  }
}
