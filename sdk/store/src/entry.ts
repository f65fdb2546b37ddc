/** How `data` is to be shown on a plain WebSocket: JSON as it is, text raw. */
export type EntryFormat = 'json' | 'text';

/** A message as the sender makes it. */
export interface EntryInput {
  readonly messageId: string;
  readonly from: string | null;
  readonly format: EntryFormat;
  /** The serialised JSON, or for `text` the raw text. Never parsed again on the way. */
  readonly data: string;
  /** The self rule: connections of `from` skip it. */
  readonly excludeSender: boolean;
}

/**
 * An entry without its time, ready for the append script, which puts `<ms> ` before it:
 * `<flags> <headLength>\n<head><data>`. `head` is the JSON members `"id":"…","from":…` without braces, so that a pod makes
 * frames by concatenation. Lengths are in UTF-16 units. flags: `j` or `t` (format), `x` (exclude sender), or `-`.
 */
export type EncodedEntry = string & { readonly __brand: 'EncodedEntry' };

/** An entry as read back or notified. */
export interface LogEntry extends EntryInput {
  readonly generation: string;
  readonly offset: number;
  /** Milliseconds since 1970 by the store's clock. */
  readonly at: number;
  /** The JSON members `"id":"…","from":…` without braces. */
  readonly head: string;
  /** What stands at this place of the log cannot be read. It is given to nobody, and the log goes on behind it. */
  readonly isDamaged?: true;
}
