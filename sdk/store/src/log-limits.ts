import { FlotillaError } from '@flotilla-im/protocol';

const hourMs = 3_600_000;

/** How much of a log is kept, and for how long it is remembered. All positive integers. */
export interface LogLimits {
  /** Entries older than this go, and so does a log without news. Milliseconds. */
  readonly maxAgeMs: number;
  readonly maxCount: number;
  /** Of the entries as stored. The newest entry always stays. */
  readonly maxBytes: number;
  /** How long generations and the last offset outlive the entries. Milliseconds. */
  readonly metaTtlMs: number;
  /** How long an application's idempotency key is known. Milliseconds. */
  readonly keyTtlMs: number;
}

/** 2 days, 10,000 entries, 8 MiB; remembered 30 days more; keys 10 minutes. */
export const DEFAULT_LOG_LIMITS: LogLimits = Object.freeze({
  maxAgeMs: 48 * hourMs,
  maxCount: 10_000,
  maxBytes: 8 * 1024 * 1024,
  metaTtlMs: 720 * hourMs,
  keyTtlMs: hourMs / 6,
});

/** Entries and bytes of a page when the reader names none. */
export const DEFAULT_PAGE = Object.freeze({ limit: 256, maxBytes: 1024 * 1024 });

/**
 * Fills in the defaults.
 *
 * @throws {FlotillaError} bad_options when a limit is no positive integer.
 */
export function compileLogLimits(given: Partial<LogLimits> = {}): LogLimits {
  const limits = { ...DEFAULT_LOG_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw new FlotillaError('bad_options', `the log limit ${name} must be a positive integer`);
  }
  return limits;
}
