import { FlotillaError } from '@flotilla-im/protocol';

/** One pair that could not be joined or left. */
export interface MembershipFailure {
  readonly channel: string;
  readonly clientId: string;
  readonly error: FlotillaError;
}

/** A join or leave of which at least one pair failed. Repeating the call is safe and completes it. */
export class MembershipError extends FlotillaError {
  /** The pairs that failed; all others took effect. */
  readonly failures: readonly MembershipFailure[];

  constructor(failures: readonly MembershipFailure[], pairs: number) {
    const cause = (failures.find(({ error }) => !error.retryable) ?? failures[0])?.error;
    super(
      cause?.code ?? 'internal',
      `${failures.length} of ${pairs} memberships failed: ${cause?.message ?? 'unknown'}`,
      {
        cause,
        retryAfterMs: cause?.retryAfterMs,
        details: { failed: failures.map(({ channel, clientId, error }) => ({ channel, clientId, code: error.code })) },
      },
    );
    this.failures = failures;
  }
}
