import type { EventConsumer } from './event-consumer.ts';
import { type Batch, GroupReader } from './group-reader.ts';
import { errorText, type EventHandler, handleEvent } from './handle-event.ts';

/** Works through a group's events with a handler, some partitions at a time, until stopped. Never rejects. */
export async function handleGroup<Event>(
  consumer: EventConsumer<Event>,
  group: string,
  handler: EventHandler<Event>,
): Promise<void> {
  const reader = new GroupReader(consumer, group);
  await reader.start();
  consumer.onReady();
  const workers = Array.from({ length: consumer.concurrency }, async () => {
    for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
      await reader.finish(batch, await handleBatch(consumer, reader, batch, handler));
    }
  });
  await Promise.all(workers);
  await reader.stop();
  consumer.stopper.dispose();
}

/** False when it was left before its end. */
async function handleBatch<Event>(
  consumer: EventConsumer<Event>,
  reader: GroupReader<Event>,
  batch: Batch,
  handler: EventHandler<Event>,
): Promise<boolean> {
  for (const item of batch.items) {
    const makeEvent = (attempt: number): Event | null => consumer.source.toEvent(item.event, attempt);
    const handled = await handleEvent(consumer, handler, makeEvent, reader.attemptOf(item));
    if (handled.state === 'stopped') return false;
    const isMine =
      handled.state === 'done'
        ? await reader.confirm(batch, item)
        : await reader.giveUp(batch, item, errorText(handled.error));
    if (!isMine || consumer.stopper.signal.aborted) return false;
  }
  return true;
}
