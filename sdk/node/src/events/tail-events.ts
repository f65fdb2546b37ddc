import type { StreamItem } from '@flotilla-im/store';
import { type EventConsumer, storeFailed } from './event-consumer.ts';
import { type EventHandler, handleEvent } from './handle-event.ts';
import type { TailReader } from './tail-reader.ts';

/** What happens from now on, one event at a time. Ends when stopped; store failures are waited out. */
export async function* tailEvents<Event>(
  consumer: EventConsumer<Event>,
  reader: TailReader,
): AsyncGenerator<Event, void, undefined> {
  try {
    for await (const items of batches(consumer, reader)) {
      for (const item of items) {
        const event = consumer.source.toEvent(item.event, 1);
        if (event !== null) yield event;
        if (consumer.stopper.signal.aborted) return;
      }
    }
  } finally {
    await reader.stop();
    consumer.stopper.dispose();
  }
}

/** The same with a handler: in order per partition, some partitions at a time. Never rejects. */
export async function handleTail<Event>(
  consumer: EventConsumer<Event>,
  reader: TailReader,
  handler: EventHandler<Event>,
): Promise<void> {
  for await (const items of batches(consumer, reader)) {
    const queues = byPartition(items);
    const worker = async (): Promise<void> => {
      for (let queue = queues.shift(); queue !== undefined; queue = queues.shift()) {
        for (const item of queue) await handleItem(consumer, handler, item);
      }
    };
    await Promise.all(Array.from({ length: Math.min(consumer.concurrency, queues.length) }, worker));
  }
  await reader.stop();
  consumer.stopper.dispose();
}

function byPartition(items: readonly StreamItem[]): StreamItem[][] {
  const queues = new Map<number, StreamItem[]>();
  for (const item of items) {
    const queue = queues.get(item.partition);
    if (queue) queue.push(item);
    else queues.set(item.partition, [item]);
  }
  return [...queues.values()];
}

async function handleItem<Event>(
  consumer: EventConsumer<Event>,
  handler: EventHandler<Event>,
  item: StreamItem,
): Promise<void> {
  if (consumer.stopper.signal.aborted) return;
  await handleEvent(consumer, handler, (attempt) => consumer.source.toEvent(item.event, attempt), 1);
}

async function* batches<Event>(
  consumer: EventConsumer<Event>,
  reader: TailReader,
): AsyncGenerator<readonly StreamItem[], void, undefined> {
  const { signal } = consumer.stopper;
  while (!signal.aborted) {
    try {
      await reader.start();
      consumer.onReady();
      yield await reader.next(signal);
    } catch (error) {
      await storeFailed(consumer, error);
    }
  }
}
