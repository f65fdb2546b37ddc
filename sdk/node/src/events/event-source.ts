import type { ClientEvent, StreamName } from '@flotilla-im/store';

/** One stream of the store, as the events a caller gets. */
export interface EventSource<Event> {
  readonly stream: StreamName;
  /** The caller's form of an event; null for those that were not asked for, which are passed over. */
  toEvent(event: ClientEvent, attempt: number): Event | null;
}
