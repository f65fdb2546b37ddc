/** Hears what is worth a histogram or a labelled counter; everything that only counts is in the core's `totals`. */
export interface Observer {
  /** Milliseconds from the store's time of a durable message to its flush; once a notify, not once a connection. */
  delivered(ms: number): void;
  /** Milliseconds from the request of an arrival to its `welcome`. */
  welcomed(ms: number): void;
  /** A connection ended with this close code; 1006 when it vanished. */
  closed(code: number): void;
  /** The core refused an arrival at `resume`, by error code. */
  refused(code: string): void;
}
