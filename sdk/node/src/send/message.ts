import type { DurabilityOptions } from './durability.ts';

/** What is sent, to whomever. */
export interface MessageContent {
  /** The sending client; null is the system. */
  readonly from: string | null;
  /** Any JSON; with `format: 'text'` a string. At most 64 KiB serialised. */
  readonly data: unknown;
  /** `json` (default), or `text`: plain WebSockets get the string raw, without quotes. */
  readonly format?: 'json' | 'text' | undefined;
  /**
   * The application's idempotency key, 1 to 128 bytes, scoped to (from, receiver or channel), kept 10 minutes: the same
   * call again adds nothing and resolves with the first one's outcome; with other content it fails with `key_conflict`.
   */
  readonly key?: string | undefined;
  /** Instead of what `createFlotilla` was given for all durable messages; `{}` asks for nothing. */
  readonly durability?: DurabilityOptions | undefined;
  /** One publish, at most once, never kept (typing, signalling). Default false: durable when the call resolves. */
  readonly live?: boolean | undefined;
  /** Whether connections of the sender get it too, where the sender is a receiver or a member. Default true. */
  readonly echo?: boolean | undefined;
}

/** A message to one client or to many. */
export interface Message extends MessageContent {
  /** One clientId or up to 1,000; doubles count once; an empty list sends nothing and succeeds. */
  readonly to: string | readonly string[];
  /** Has a receipt event put into `im.receipts.events` when it is delivered, or at once when the receiver is offline. Default false. */
  readonly receipt?: boolean | undefined;
}
