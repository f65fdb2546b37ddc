import { pauseMs } from '../calls/backoff.ts';
import type { EventConsumer } from './event-consumer.ts';

/** Takes one event; may be asynchronous, may throw. */
export type EventHandler<Event> = (event: Event) => void | Promise<void>;

/** Pauses between the attempts at one event. */
const BACKOFF = { baseMs: 100, maxMs: 5_000 };

/** What came of an event: `stopped` leaves it for later. */
export type Handled =
  | { readonly state: 'done' }
  | { readonly state: 'stopped' }
  | { readonly state: 'failed'; readonly error: unknown };

/**
 * Hands an event to its handler, again after a pause when that fails, until the attempts are used up. Never rejects.
 *
 * @param makeEvent - the event for the n-th attempt
 */
export async function handleEvent<Event>(
  consumer: EventConsumer<Event>,
  handler: EventHandler<Event>,
  makeEvent: (attempt: number) => Event | null,
  firstAttempt: number,
): Promise<Handled> {
  for (let attempt = firstAttempt; ; attempt += 1) {
    const event = makeEvent(attempt);
    if (event === null) return { state: 'done' };
    try {
      await handler(event);
      return { state: 'done' };
    } catch (error) {
      const isLast = attempt >= consumer.maxAttempts;
      consumer.onError(error, { stage: isLast ? 'dead_letter' : 'handler', event, attempt });
      if (isLast) return { state: 'failed', error };
    }
    await consumer.timing.wait(pauseMs(attempt, BACKOFF, consumer.timing.random()), consumer.stopper.signal);
    if (consumer.stopper.signal.aborted) return { state: 'stopped' };
  }
}

/** A failure as a dead letter keeps it. */
export function errorText(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 1_000);
}
