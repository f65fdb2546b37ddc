import type { CallOptions } from '../calls/call-options.ts';
import type { DeadLetter, ConsumeOptions, Listening } from '../events/consume-options.ts';

/** What is known of one message at one receiver. */
export interface Receipt {
  readonly clientId: string;
  readonly messageId: string;
  /** `generation.offset` in the receiver's inbox. */
  readonly position: string;
  /**
   * `delivered`: a connection of the receiver confirmed it (final). `offline`: nobody is connected, the message waits.
   * `expired`: it left the log unread (final).
   */
  readonly state: 'delivered' | 'offline' | 'expired';
}

/** A message to ask after: what `send` said of one receiver. */
export interface ReceiptRequest {
  readonly clientId: string;
  readonly messageId: string;
  readonly position: string;
}

/** How long and for what to wait. */
export interface ReceiptsOptions {
  /** Milliseconds after which it ends, whatever is still unknown. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Goes on after `offline` until delivery, expiry or the timeout; a receiver may then be yielded twice. Default false. */
  readonly untilDelivered?: boolean | undefined;
}

/** A receipt as an event, for messages sent with `receipt: true`. */
export interface ReceiptEvent {
  readonly clientId: string;
  readonly messageId: string;
  /** Who sent the message. */
  readonly from: string | null;
  readonly state: 'delivered' | 'offline';
  /** Milliseconds since 1970. */
  readonly at: number;
  /** 1 when this consumer group sees it for the first time. */
  readonly attempt: number;
}

/** Receipts apart from the send that caused them. */
export interface Receipts {
  /** The state right now; `waiting`: connected, not confirmed yet. */
  state(request: ReceiptRequest, options?: CallOptions): Promise<Receipt['state'] | 'waiting'>;
  /** Waits for messages sent earlier, perhaps by another process or before a restart. */
  watch(requests: readonly ReceiptRequest[], options?: ReceiptsOptions): AsyncIterable<Receipt>;
  /** Receipts of all messages sent with `receipt: true`. */
  events(options?: ConsumeOptions): AsyncIterable<ReceiptEvent>;
  /** The same as a handler, see `presence.on`. */
  on(handler: (event: ReceiptEvent) => void | Promise<void>, options?: ConsumeOptions): Listening;
  /** What a group gave up on, oldest first. */
  deadLetters(
    group: string,
    options?: CallOptions & { readonly limit?: number | undefined },
  ): Promise<DeadLetter<ReceiptEvent>[]>;
  /** Ends a group and its dead letters. */
  forget(group: string, options?: CallOptions): Promise<void>;
}
