/** One row of the error table. */
export interface ErrorRow {
  /** Stable number; its hundreds are the retry policy (`retryPolicyOf`). */
  readonly number: number;
  /** The status of an HTTP answer that carries the code. */
  readonly httpStatus: number;
}

const row = (number: number, httpStatus: number): ErrorRow => ({ number, httpStatus });

/**
 * Every error code. What each means: `ERROR_MEANINGS` and PROTOCOL.md. The number's range is the retry policy: 1xx never as
 * it is, 2xx the same again later, 3xx after fetching a new address (a client) or rereading the shard map (the SDK).
 */
export const ERRORS = /* @__PURE__ */ Object.freeze({
  bad_request: row(100, 400),
  bad_client_id: row(101, 400),
  bad_channel: row(102, 400),
  bad_position: row(103, 400),
  bad_frame: row(104, 400),
  bad_options: row(105, 400),
  bad_data: row(106, 400),
  data_too_large: row(107, 413),
  frame_too_large: row(108, 413),
  too_many_receivers: row(109, 400),
  key_conflict: row(110, 409),
  not_granted: row(111, 403),
  reserved_channel: row(112, 403),
  unsupported_subprotocol: row(113, 400),
  origin_refused: row(114, 403),
  token_invalid: row(115, 401),
  token_audience: row(116, 401),
  token_revoked: row(117, 401),
  session_expired: row(118, 401),
  bad_map: row(119, 500),
  map_unsupported: row(120, 500),
  store_unsupported: row(121, 500),
  aborted: row(122, 499),
  closed: row(123, 503),
  rate_limited: row(200, 429),
  overloaded: row(201, 503),
  too_many_connections: row(202, 503),
  fenced: row(203, 503),
  busy: row(204, 503),
  store_unavailable: row(205, 503),
  timeout: row(206, 504),
  no_shards: row(207, 503),
  not_connected: row(208, 503),
  unconfirmed: row(209, 503),
  internal: row(299, 500),
  token_missing: row(300, 401),
  token_malformed: row(301, 401),
  token_expired: row(302, 401),
  token_used: row(303, 401),
  token_key_unknown: row(304, 401),
  wrong_shard: row(305, 421),
  draining: row(306, 503),
} satisfies Record<string, ErrorRow>);

/** A code of the error table. */
export type ErrorCode = keyof typeof ERRORS;

/**
 * Whether repeating helps: `never` as it is, `later` the same call again, `refresh` after a new address (client) or a new
 * map (SDK).
 */
export type RetryPolicy = 'never' | 'later' | 'refresh';

/** Whether a text is a code of the error table; a newer peer may send others. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value);
}

/** The retry policy of a code, which is its number's range. */
export function retryPolicyOf(code: ErrorCode): RetryPolicy {
  const range = Math.floor(ERRORS[code].number / 100);
  return range === 1 ? 'never' : range === 2 ? 'later' : 'refresh';
}

/** What a `FlotillaError` may carry besides its code and text. */
export interface FlotillaErrorOptions {
  /** Milliseconds to wait before the call is worth repeating. */
  readonly retryAfterMs?: number | undefined;
  /** What a program needs to act on it, for example the receivers that failed. Fit for JSON. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** What led to it. */
  readonly cause?: unknown;
}

/** The one error that Flotilla's packages throw and reject with. */
export class FlotillaError extends Error {
  override readonly name = 'FlotillaError';
  /** What happened, for programs. */
  readonly code: ErrorCode;
  /** Whether the same call can succeed later (policies `later` and `refresh`). */
  readonly retryable: boolean;
  /** Milliseconds to wait before a retry, where known. */
  declare readonly retryAfterMs?: number;
  /** More for programs, per code. */
  declare readonly details?: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string = code, options: FlotillaErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = retryPolicyOf(code) !== 'never';
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    if (options.details !== undefined) this.details = options.details;
  }
}

/** Whether a caught value is a `FlotillaError`, also one of another copy of this package. */
export function isFlotillaError(value: unknown): value is FlotillaError {
  return value instanceof Error && value.name === 'FlotillaError' && isErrorCode((value as { code?: unknown }).code);
}
