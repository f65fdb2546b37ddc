import type { Store } from '@flotilla-im/store';
import type { Timing } from '../calls/timing.ts';
import type { ConsumeOptions } from './consume-options.ts';
import type { EventSource } from './event-source.ts';
import type { Stopper } from './stopper.ts';

/** One iteration or one handler: what it reads, how, and until when. */
export interface EventConsumer<Event> {
  readonly store: Pick<Store, 'events' | 'notify'>;
  readonly timing: Timing;
  readonly source: EventSource<Event>;
  /** Unique among all processes. */
  readonly name: string;
  readonly maxAttempts: number;
  readonly concurrency: number;
  readonly onError: NonNullable<ConsumeOptions['onError']>;
  readonly stopper: Stopper;
  /** Called when it hears what happens from then on; may be called again. */
  readonly onReady: () => void;
}

/** Pause after a store call failed, before the same is asked again. */
export const STORE_PAUSE_MS = 500;

/** Tells of a store failure and pauses. */
export async function storeFailed<Event>(consumer: EventConsumer<Event>, error: unknown): Promise<void> {
  consumer.onError(error, { stage: 'store', attempt: 1 });
  await consumer.timing.wait(STORE_PAUSE_MS, consumer.stopper.signal);
}
