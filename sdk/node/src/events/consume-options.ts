/** How events are consumed, as an iteration or by a handler. */
export interface ConsumeOptions {
  /**
   * With a group each event goes to one process of the group, and stays until it was handled: at least once, in order per
   * client, from the oldest kept event on. Without, every process sees what happens from now on.
   */
  readonly group?: string | undefined;
  /** Ends the iteration, without an exception. */
  readonly signal?: AbortSignal | undefined;
  /** How often an event is tried before it goes to the dead letters (group) or is dropped (no group). Default 5. */
  readonly maxAttempts?: number | undefined;
  /** Handlers only: how many clients' events may be handled at a time. Default 8; per client it is always one. */
  readonly concurrency?: number | undefined;
  /** Hears of handler failures and of store failures that are being retried. Default: nobody. */
  readonly onError?: ((error: unknown, context: ConsumeFailure) => void) | undefined;
}

/** What failed while consuming. */
export interface ConsumeFailure {
  /** `handler`: tried again after a pause. `dead_letter`: given up. `store`: reading is retried. */
  readonly stage: 'handler' | 'dead_letter' | 'store';
  /** The event concerned, as the handler got it; missing for `store`. */
  readonly event?: unknown;
  readonly attempt: number;
}

/** A running handler. */
export interface Listening {
  /** Resolves once it hears: what happens after that is not missed. Never rejects; a store that is away is waited for. */
  readonly ready: Promise<void>;
  /** Takes no further event; resolves when the handlers under way have ended and the leases are given back. */
  close(): Promise<void>;
}

/** An event that a group gave up on. */
export interface DeadLetter<Event> {
  readonly event: Event;
  /** The last failure, as text. */
  readonly error: string;
}
