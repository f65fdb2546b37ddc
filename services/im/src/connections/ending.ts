import {
  type CloseCode,
  type CloseReason,
  closeCodeOf,
  DISCONNECTS,
  FlotillaError,
  isFlotillaError,
} from '@flotilla-im/protocol';

/** How the pod ends a connection. */
export interface Ending {
  readonly code: CloseCode;
  readonly reason: CloseReason;
  /** The client is not waited for: with its last connection it is offline at once. */
  readonly isFinal: boolean;
}

/** Pods' clocks differ a little, and a client that comes back at once finds the same state. */
const DEFAULT_RETRY_MS = 1_000;

/** The ending by an error; anything but a `FlotillaError` is a fault of ours, whose text stays in the log. */
export function endingOf(error: Error): Ending {
  const known = isFlotillaError(error) ? error : new FlotillaError('internal', 'the shard failed');
  const code = closeCodeOf(known);
  const waits = known.retryable && (code === 1013 || code === 4409 || code === 4408 || code === 1011);
  const retryAfterMs = known.retryAfterMs ?? (waits ? DEFAULT_RETRY_MS : undefined);
  return {
    code,
    reason: { reason: known.code, sentence: known.message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
    isFinal: false,
  };
}

/** The ending with a close code of the table and its own reason. */
export function endingWith(code: CloseCode, more: Partial<CloseReason> = {}, isFinal = false): Ending {
  return { code, reason: { reason: DISCONNECTS[code].reason, ...more }, isFinal };
}
