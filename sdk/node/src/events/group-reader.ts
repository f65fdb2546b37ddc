import type { PartitionLease, StreamItem } from '@flotilla-im/store';
import { type EventConsumer, storeFailed } from './event-consumer.ts';
import { PartitionWork } from './partition-work.ts';

/** Items a round trip. */
const BATCH = 32;

/** Some items of one partition. */
export interface Batch {
  readonly lease: PartitionLease;
  readonly items: readonly StreamItem[];
}

/** One consumer of a group: leases, reads, confirms. Store failures are told, waited out and never thrown. */
export class GroupReader<Event> {
  readonly #consumer: EventConsumer<Event>;
  readonly #work: PartitionWork;
  /** By partition: the item that was handled last and could not be confirmed. */
  readonly #unconfirmed = new Map<number, { readonly id: string; readonly attempt: number }>();

  constructor(consumer: EventConsumer<Event>, group: string) {
    this.#consumer = consumer;
    const owner = { stream: consumer.source.stream, group, consumer: consumer.name };
    this.#work = new PartitionWork(consumer.store, owner, consumer.timing, (error) =>
      consumer.onError(error, { stage: 'store', attempt: 1 }),
    );
  }

  start(): Promise<void> {
    return this.#work.start();
  }

  stop(): Promise<void> {
    return this.#work.stop();
  }

  /** The next items of a partition that nobody else of this process works on; null once stopped. */
  async next(): Promise<Batch | null> {
    for (;;) {
      const lease = await this.#work.take(this.#consumer.stopper.signal);
      if (lease === null) return null;
      try {
        const items = await this.#consumer.store.events.read(lease, BATCH);
        if (items.length > 0) return { lease, items };
        await this.#work.finish(lease, false);
      } catch (error) {
        await storeFailed(this.#consumer, error);
        await this.#work.finish(lease, true);
      }
    }
  }

  /** Others may take the partition. @param isThrough - false when the batch was left before its end */
  async finish(batch: Batch, isThrough: boolean): Promise<void> {
    await this.#work.finish(batch.lease, !isThrough || batch.items.length === BATCH);
  }

  /** How often the item has come: the store counts that of the oldest one only, and not while it takes no writes. */
  attemptOf({ partition, id, attempt }: StreamItem): number {
    const unconfirmed = this.#unconfirmed.get(partition);
    return unconfirmed?.id === id ? Math.max(attempt, unconfirmed.attempt + 1) : attempt;
  }

  /** Confirms an item and all before it. False when it will come again, here or elsewhere: the rest of the batch is void. */
  confirm(batch: Batch, item: StreamItem): Promise<boolean> {
    return this.#write(item, () => this.#consumer.store.events.ack(batch.lease, item.id));
  }

  /** Puts an item among the group's dead letters, which confirms it. */
  giveUp(batch: Batch, item: StreamItem, error: string): Promise<boolean> {
    return this.#write(item, () => this.#consumer.store.events.deadLetter(batch.lease, item, error));
  }

  async #write(item: StreamItem, write: () => Promise<boolean>): Promise<boolean> {
    const attempt = this.attemptOf(item);
    this.#unconfirmed.delete(item.partition);
    try {
      return await write();
    } catch (error) {
      this.#unconfirmed.set(item.partition, { id: item.id, attempt });
      await storeFailed(this.#consumer, error);
      return false;
    }
  }
}
