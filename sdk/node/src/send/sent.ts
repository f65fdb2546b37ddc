import type { Receipt, ReceiptsOptions } from '../receipts/receipt.ts';
import type { Accepted } from './outcome.ts';

/** A send that every receiver's log accepted. */
export interface Sent {
  /** The id all receivers see; with a repeated `key` the first call's. */
  readonly messageId: string;
  /** One per receiver, in the order given, doubles removed. */
  readonly outcomes: readonly Accepted[];
  /**
   * Waits for what happens to it: yields one receipt per receiver as soon as it is known, ends when all are, or at
   * `timeoutMs`. Needs no `receipt: true`. Nothing is yielded for live messages.
   *
   * @throws `aborted` by the signal; `closed` when the instance is closed
   */
  receipts(options?: ReceiptsOptions): AsyncIterable<Receipt>;
}
