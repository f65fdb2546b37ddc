import type { EventStore, PartitionLease, Store, StreamName, Subscription } from '@flotilla-im/store';
import type { Timing } from '../calls/timing.ts';
import { Wakeup } from '../calls/wakeup.ts';

/** How long a lease outlives a process that died. */
const LEASE_MS = 6_000;
/** How often leases are renewed, and every held partition is read without a hint. */
const RENEW_MS = LEASE_MS / 3;

/** Whose work it is. */
export interface WorkOwner {
  readonly stream: StreamName;
  readonly group: string;
  /** Unique in the group. */
  readonly consumer: string;
}

/**
 * The partitions of a stream that one consumer of a group holds, given out one by one to whoever works on them: `take` a
 * partition that may have items, `finish` it. While it is taken nobody else of this process gets it.
 */
export class PartitionWork {
  readonly #store: Pick<Store, 'events' | 'notify'>;
  readonly #owner: WorkOwner;
  readonly #timing: Timing;
  readonly #onError: (error: unknown) => void;
  readonly #held = new Map<number, PartitionLease>();
  readonly #taken = new Set<number>();
  /** Held partitions that may have items, oldest hint first. Those not taken are free. */
  readonly #ready = new Set<number>();
  /** Taken partitions that are above this consumer's share: given back when finished. */
  readonly #surplus = new Map<number, PartitionLease>();
  /** Takers with nothing to take, the longest waiting first. One is woken for each partition that comes to be free. */
  readonly #idle = new Set<Wakeup>();
  readonly #stopping = new AbortController();
  #renewing: Promise<void> | null = null;
  #subscription: Subscription | null = null;

  constructor(
    store: Pick<Store, 'events' | 'notify'>,
    owner: WorkOwner,
    timing: Timing,
    onError: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#owner = owner;
    this.#timing = timing;
    this.#onError = onError;
  }

  get #events(): EventStore {
    return this.#store.events;
  }

  /** Takes leases and goes on renewing them. Never rejects: a store that fails is asked again. */
  async start(): Promise<void> {
    const hinted = this.#store.notify.subscribeHint('events', (text) => this.#hint(text));
    this.#subscription = await hinted.catch(() => null);
    this.#renewing = this.#renewForEver();
  }

  /** A partition that may have items, when there is one; null once stopped. */
  async take(stopped: AbortSignal): Promise<PartitionLease | null> {
    const wakeup = new Wakeup(this.#timing);
    while (!stopped.aborted && !this.#stopping.signal.aborted) {
      const lease = this.#next();
      if (lease !== null) return lease;
      this.#idle.add(wakeup);
      await wakeup.pause(RENEW_MS, stopped, this.#stopping.signal);
      this.#idle.delete(wakeup);
    }
    // This taker may have been the one woken for a partition.
    if (this.#firstFree() !== undefined) this.#wakeOne();
    return null;
  }

  /** @param mayHaveMore - reads it again soon */
  async finish(lease: PartitionLease, mayHaveMore: boolean): Promise<void> {
    const { partition } = lease;
    this.#taken.delete(partition);
    const surplus = this.#surplus.get(partition);
    this.#surplus.delete(partition);
    if (surplus) await this.#release([surplus]);
    else {
      if (mayHaveMore) this.#ready.add(partition);
      if (this.#ready.has(partition)) this.#wakeOne();
    }
  }

  /** Gives all leases back. To be called when nothing is taken any more; safe to repeat. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#renewing;
    await this.#subscription?.close();
    await this.#release([...this.#held.values(), ...this.#surplus.values()]);
    this.#held.clear();
    this.#ready.clear();
    this.#surplus.clear();
  }

  #next(): PartitionLease | null {
    const partition = this.#firstFree();
    const lease = partition === undefined ? undefined : this.#held.get(partition);
    if (lease === undefined) return null;
    this.#ready.delete(lease.partition);
    this.#taken.add(lease.partition);
    return lease;
  }

  #firstFree(): number | undefined {
    for (const partition of this.#ready) if (!this.#taken.has(partition)) return partition;
    return undefined;
  }

  #hint(text: string): void {
    const [stream, partition] = text.split(' ');
    if (stream === this.#owner.stream && this.#held.has(Number(partition))) this.#markReady(Number(partition));
  }

  /** One that is ready already has had its taker woken, or will when it is finished. */
  #markReady(partition: number): void {
    if (this.#ready.has(partition)) return;
    this.#ready.add(partition);
    if (!this.#taken.has(partition)) this.#wakeOne();
  }

  #wakeOne(): void {
    const [wakeup] = this.#idle;
    if (wakeup === undefined) return;
    this.#idle.delete(wakeup);
    wakeup.wake();
  }

  async #renewForEver(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#renew();
      for (const partition of this.#held.keys()) this.#markReady(partition);
      await this.#timing.wait(RENEW_MS, this.#stopping.signal);
    }
  }

  async #renew(): Promise<void> {
    const { stream, group, consumer } = this.#owner;
    let leases: readonly PartitionLease[];
    try {
      leases = await this.#events.lease(stream, group, consumer, LEASE_MS);
    } catch (error) {
      this.#onError(error);
      return;
    }
    const answered = new Set(leases.map(({ partition }) => partition));
    const dropped = [...this.#held.values()].filter(({ partition }) => !answered.has(partition));
    for (const lease of dropped) {
      this.#held.delete(lease.partition);
      this.#ready.delete(lease.partition);
      if (this.#taken.has(lease.partition)) this.#surplus.set(lease.partition, lease);
    }
    for (const lease of leases) {
      this.#held.set(lease.partition, lease);
      this.#surplus.delete(lease.partition);
    }
    await this.#release(dropped.filter(({ partition }) => !this.#taken.has(partition)));
  }

  async #release(leases: readonly PartitionLease[]): Promise<void> {
    if (leases.length === 0) return;
    // A lease that cannot be given back lapses by itself.
    await this.#events.release(this.#owner.consumer, leases).catch((error: unknown) => this.#onError(error));
  }
}
