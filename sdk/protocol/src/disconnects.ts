import type { AfterClose } from './close-reason.ts';
import type { ErrorCode, FlotillaError } from './errors.ts';

/** One row of the close-code table. */
export interface DisconnectRow {
  /** The close reason where no error code says more. */
  readonly reason: string;
  readonly then: AfterClose;
}

const row = (reason: string, then: AfterClose): DisconnectRow => ({ reason, then });

/**
 * Every close code Flotilla uses. 1xxx: RFC 6455, section 7.4.1, and IANA's registry. 44xx: fetch a new address and come
 * again. 45xx: do not come again by yourself. Codes that are not listed go by their range (`afterClose`).
 */
export const DISCONNECTS = /* @__PURE__ */ Object.freeze({
  1000: row('normal', 'again'),
  1001: row('going_away', 'again'),
  1002: row('protocol_error', 'again'),
  1003: row('unsupported_data', 'again'),
  1007: row('not_utf8', 'again'),
  1008: row('policy', 'again'),
  1009: row('frame_too_large', 'again'),
  1011: row('internal', 'again'),
  1012: row('draining', 'again'),
  1013: row('overloaded', 'again'),
  4400: row('moved', 'again'),
  4401: row('token_expired', 'again'),
  4402: row('token_used', 'again'),
  4403: row('wrong_shard', 'again'),
  4404: row('hello_timeout', 'again'),
  4405: row('heartbeat_timeout', 'again'),
  4406: row('too_slow', 'again'),
  4407: row('fenced', 'again'),
  4408: row('too_many_connections', 'again'),
  4409: row('rate_limited', 'again'),
  4500: row('disconnected', 'end'),
  4501: row('replaced', 'end'),
  4502: row('session_expired', 'end'),
  4503: row('token_invalid', 'end'),
  4504: row('bad_frame', 'end'),
  4505: row('unsupported_subprotocol', 'end'),
  4506: row('origin_refused', 'end'),
} satisfies Record<number, DisconnectRow>);

/** A close code of the table. */
export type CloseCode = keyof typeof DISCONNECTS;

const CLOSE_CODE_OF_ERROR: Partial<Record<ErrorCode, CloseCode>> = /* @__PURE__ */ Object.freeze({
  bad_frame: 4504,
  bad_position: 4504,
  bad_channel: 4504,
  frame_too_large: 1009,
  unsupported_subprotocol: 4505,
  origin_refused: 4506,
  token_invalid: 4503,
  token_audience: 4503,
  token_revoked: 4503,
  session_expired: 4502,
  rate_limited: 4409,
  too_many_connections: 4408,
  fenced: 4407,
  internal: 1011,
  token_missing: 4401,
  token_malformed: 4401,
  token_expired: 4401,
  token_key_unknown: 4401,
  token_used: 4402,
  wrong_shard: 4403,
  draining: 1012,
});

/** The close code for an error that ends a connection: its own where it has one, else 1013 (retry later) or 1008. */
export function closeCodeOf(error: FlotillaError): CloseCode {
  return CLOSE_CODE_OF_ERROR[error.code] ?? (error.retryable ? 1013 : 1008);
}
