import type { EventConsumer } from './event-consumer.ts';
import { type Batch, GroupReader } from './group-reader.ts';

/** The error text of an event whose handling kept ending the iteration. */
const ABANDONED = 'the iteration ended at this event each time';

/** Events of a group, one at a time; asking for the next confirms the one before. Ends when stopped. */
export async function* groupEvents<Event>(
  consumer: EventConsumer<Event>,
  group: string,
): AsyncGenerator<Event, void, undefined> {
  const reader = new GroupReader(consumer, group);
  try {
    await reader.start();
    for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
      let isThrough = false;
      try {
        isThrough = yield* eventsOf(consumer, reader, batch);
      } finally {
        await reader.finish(batch, isThrough);
      }
    }
  } finally {
    await reader.stop();
    consumer.stopper.dispose();
  }
}

/** False when the batch was left before its end. */
async function* eventsOf<Event>(
  consumer: EventConsumer<Event>,
  reader: GroupReader<Event>,
  batch: Batch,
): AsyncGenerator<Event, boolean, undefined> {
  for (const item of batch.items) {
    if (item.attempt > consumer.maxAttempts) {
      consumer.onError(new Error(ABANDONED), { stage: 'dead_letter', event: item.event, attempt: item.attempt });
      if (!(await reader.giveUp(batch, item, ABANDONED))) return false;
      continue;
    }
    const event = consumer.source.toEvent(item.event, reader.attemptOf(item));
    if (event !== null) yield event;
    // Those passed over are confirmed with the next one, or with the batch's last.
    const isConfirmedLater = event === null && item !== batch.items.at(-1);
    if (!isConfirmedLater && !(await reader.confirm(batch, item))) return false;
    if (consumer.stopper.signal.aborted) return false;
  }
  return true;
}
