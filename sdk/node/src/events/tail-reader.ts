import type { Store, StreamItem, StreamName, Subscription } from '@flotilla-im/store';
import type { Timing } from '../calls/timing.ts';
import { Wakeup } from '../calls/wakeup.ts';

/** How often all partitions are read without a hint. */
const POLL_MS = 1_000;

type TailPosition = Readonly<Record<number, string>>;

/** What happens in a stream from now on, for this process alone: hinted partitions at once, all of them every second. */
export class TailReader {
  readonly #store: Pick<Store, 'events' | 'notify'>;
  readonly #stream: StreamName;
  readonly #timing: Timing;
  readonly #wakeup: Wakeup;
  readonly #hinted = new Set<number>();
  #position: TailPosition | null = null;
  #starting: Promise<void> | null = null;
  #subscription: Subscription | null = null;
  #polledAtMs = Number.NEGATIVE_INFINITY;

  constructor(store: Pick<Store, 'events' | 'notify'>, stream: StreamName, timing: Timing) {
    this.#store = store;
    this.#stream = stream;
    this.#timing = timing;
    this.#wakeup = new Wakeup(timing);
  }

  /** Fixes where it begins: what happens after this resolved will be seen. @throws when the store fails; ask again then */
  start(): Promise<void> {
    this.#starting ??= this.#begin().catch((error: unknown) => {
      this.#starting = null;
      throw error;
    });
    return this.#starting;
  }

  /** New items, at least one; none once stopped. @throws when the store fails; nothing is skipped by asking again */
  async next(stopped: AbortSignal): Promise<readonly StreamItem[]> {
    while (!stopped.aborted) {
      const items = await this.#read();
      if (items.length > 0) return items;
      if (this.#hinted.size === 0) await this.#wakeup.pause(POLL_MS, stopped);
    }
    return [];
  }

  async stop(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    await this.#subscription?.close();
  }

  async #begin(): Promise<void> {
    // Without hints polling still finds everything.
    this.#subscription ??= await this.#store.notify
      .subscribeHint('events', (text) => this.#hint(text))
      .catch(() => null);
    this.#position = (await this.#store.events.tail(this.#stream, null)).position;
  }

  #hint(text: string): void {
    const [stream, partition] = text.split(' ');
    // What names no partition would make the next read fail.
    if (stream !== this.#stream || this.#position?.[Number(partition)] === undefined) return;
    this.#hinted.add(Number(partition));
    this.#wakeup.wake();
  }

  async #read(): Promise<readonly StreamItem[]> {
    const isDue = this.#timing.nowMs() - this.#polledAtMs >= POLL_MS;
    const hinted = [...this.#hinted];
    if (!isDue && hinted.length === 0) return [];
    this.#hinted.clear();
    const { items, position } = await this.#store.events.tail(this.#stream, this.#position, isDue ? undefined : hinted);
    this.#position = position;
    if (isDue) this.#polledAtMs = this.#timing.nowMs();
    return items;
  }
}
