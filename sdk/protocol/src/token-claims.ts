import { encodeData } from './data.ts';
import { FlotillaError } from './errors.ts';
import { type Grants, parseGrants } from './grants.ts';
import { isClientId, isDeviceName } from './ids.ts';
import { LIMITS } from './limits.ts';
import { isRecord } from './record.ts';
import { parseSlowReader, type SlowReader } from './slow-reader.ts';

/** Claims of a connection token (JWT, HS256 or EdDSA). Registered names: RFC 7519, section 4.1. */
export interface TokenClaims {
  /** The cluster's name. */
  readonly aud: string;
  /** The clientId. */
  readonly sub: string;
  /** Token id; spent at the first connection. */
  readonly jti: string;
  /** Seconds since 1970, with milliseconds as a fraction. */
  readonly iat: number;
  /** Seconds since 1970. The address is good until then; an open connection is not bound by it. */
  readonly exp: number;
  /** Seconds since 1970. The address is not good before. The SDK issues none. */
  readonly nbf?: number;
  /** What the client may do. */
  readonly grants?: Grants;
  /** Device name: its own cursors. */
  readonly device?: string;
  /** Closes older connections of the client when this one opens. */
  readonly replace?: true;
  /** Milliseconds since 1970: the session ends then. */
  readonly sessionExpiresAt?: number;
  /** Anything; comes back in presence events and upstream frames. At most 2 KiB as JSON. */
  readonly metadata?: unknown;
  /** What becomes of messages that the connection does not take as fast as they come. A shard that does not know it skips nothing. */
  readonly slowReader?: SlowReader;
  /** Only in the token of a `moved` frame: the connection it continues; presence sees no new arrival. */
  readonly continues?: string;
  /**
   * Only in the token of a `moved` frame: the life of the client's partition in which that connection is known. Where the store
   * has begun another one it has yet to be told again of the client, by the shard that moves it, and the client stays there.
   */
  readonly life?: string;
  /**
   * Only in the token of a `moved` frame: what the first token granted, and its `iat`. What business has said since holds for
   * that one, whether the shard that made this token had heard of it or not; `grants` is for shards that do not know this claim.
   */
  readonly granted?: GrantedFirst;
}

/** The grants of the token that a client came with first, before any move. */
export interface GrantedFirst {
  /** Seconds since 1970. */
  readonly iat: number;
  readonly grants?: Grants;
}

const isTime = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isText = (value: unknown): boolean => typeof value === 'string' && value.length > 0;

const isGrants = (value: unknown): boolean => value === undefined || parseGrants(value) === value;

const REQUIRED: Readonly<Record<string, (value: unknown) => boolean>> = {
  aud: isText,
  sub: isClientId,
  jti: isText,
  iat: isTime,
  exp: isTime,
};

const OPTIONAL: Readonly<Record<string, (value: unknown) => boolean>> = {
  nbf: isTime,
  grants: (value) => parseGrants(value) === value,
  device: isDeviceName,
  replace: (value) => value === true,
  sessionExpiresAt: isTime,
  metadata: (value) => encodeData(value, LIMITS.metadataBytes) !== '',
  slowReader: (value) => parseSlowReader(value) === value,
  continues: isText,
  life: isText,
  granted: (value) => isRecord(value) && isTime(value['iat']) && isGrants(value['grants']),
};

/**
 * Reads the claims of a token whose signature, audience and times somebody else checks. Claims that are not known are
 * left where they are.
 *
 * @throws {FlotillaError} token_malformed
 */
export function parseTokenClaims(payload: unknown): TokenClaims {
  if (!isRecord(payload)) throw malformed('the payload is no object');
  for (const [name, isValid] of Object.entries(REQUIRED)) {
    if (!isValid(payload[name])) throw malformed(`claim ${name} is missing or malformed`);
  }
  for (const [name, isValid] of Object.entries(OPTIONAL)) {
    if (payload[name] !== undefined && !passes(isValid, payload[name])) throw malformed(`claim ${name} is malformed`);
  }
  return payload as unknown as TokenClaims;
}

function passes(isValid: (value: unknown) => boolean, value: unknown): boolean {
  try {
    return isValid(value);
  } catch {
    return false;
  }
}

function malformed(reason: string): FlotillaError {
  return new FlotillaError('token_malformed', reason);
}
