import { FlotillaError } from '@flotilla-im/protocol';
import type { Refused, SendOutcome } from './outcome.ts';

/**
 * A send that at least one receiver's log did not accept. Its code is that of a failure which a repetition cannot mend,
 * if there is one, else of the first. When `retryable`, the same call with the same `key` completes it; without a `key`,
 * repeat it for the receivers that failed.
 */
export class SendError extends FlotillaError {
  /** The id that the receivers that were reached see. */
  readonly messageId: string;
  /** One per receiver, in the order given, doubles removed. */
  readonly outcomes: readonly SendOutcome[];

  constructor(messageId: string, outcomes: readonly SendOutcome[]) {
    const failed = outcomes.filter((outcome): outcome is Refused => outcome.outcome === 'failed');
    const cause = (failed.find(({ error }) => !error.retryable) ?? failed[0])?.error;
    super(cause?.code ?? 'internal', sentence(failed.length, outcomes.length, cause), {
      cause,
      retryAfterMs: cause?.retryAfterMs,
      details: { failed: failed.map(({ clientId, error }) => ({ clientId, code: error.code })) },
    });
    this.messageId = messageId;
    this.outcomes = outcomes;
  }
}

function sentence(failed: number, receivers: number, cause: FlotillaError | undefined): string {
  const why = cause?.message ?? 'unknown';
  return receivers === 1 ? why : `${failed} of ${receivers} receivers did not get the message: ${why}`;
}
