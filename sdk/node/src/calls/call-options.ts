/** What every call that waits takes. */
export interface CallOptions {
  /** Aborts the waiting; the call rejects with `aborted`. What was already handed to the store may still take place. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the call gives up, retries included; it then rejects with `timeout` or the last failure. Default: the instance's `deadlineMs` (5,000). */
  readonly deadlineMs?: number | undefined;
}
