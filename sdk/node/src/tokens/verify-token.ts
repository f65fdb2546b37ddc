import { type CompactJWSHeaderParameters, compactVerify, type CryptoKey, errors } from 'jose';
import { FlotillaError, parseTokenClaims, type TokenClaims } from '@flotilla-im/protocol';
import type { TokenKeys } from './token-keys.ts';

/** What a token is checked against. */
export interface VerifyOptions {
  readonly keys: TokenKeys;
  /** The cluster's name. */
  readonly audience: string;
  /** Milliseconds since 1970. Default: now. */
  readonly nowMs?: number | undefined;
}

/** Longer ones are refused unread; node's own limit for a request line and headers. */
const MAX_LENGTH = 16_384;
const ALGORITHMS = ['HS256', 'EdDSA'];

/**
 * Checks a connection token: form, algorithm, key, signature, claims, audience, times, in this order, so that a forged
 * token is never told what else is wrong with it. Whether it was spent or revoked is the store's to say. Times count to
 * the millisecond, without tolerance.
 *
 * @throws {FlotillaError} token_missing, token_malformed, token_invalid (forged, `alg: none`, another algorithm than the
 * key's), token_key_unknown, token_audience, token_expired, session_expired
 */
export async function verifyToken(token: unknown, options: VerifyOptions): Promise<TokenClaims> {
  if (token === undefined || token === null || token === '') {
    throw new FlotillaError('token_missing', 'there is no token');
  }
  if (typeof token !== 'string' || token.length > MAX_LENGTH) {
    throw new FlotillaError('token_malformed', 'the token is not a JWT');
  }
  const claims = parseTokenClaims(parsePayload(await checkSignature(token, options.keys)));
  checkClaims(claims, options.audience, options.nowMs ?? Date.now());
  return claims;
}

async function checkSignature(token: string, keys: TokenKeys): Promise<Uint8Array> {
  try {
    const { payload } = await compactVerify(token, (header) => keyFor(header, keys), { algorithms: ALGORITHMS });
    return payload;
  } catch (error) {
    if (error instanceof FlotillaError) throw error;
    if (error instanceof errors.JWSInvalid) {
      throw new FlotillaError('token_malformed', 'the token is not a JWT', { cause: error });
    }
    throw new FlotillaError('token_invalid', 'the token is not signed by a key of this cluster', { cause: error });
  }
}

async function keyFor(header: CompactJWSHeaderParameters | undefined, keys: TokenKeys): Promise<CryptoKey> {
  const kid: unknown = header?.kid;
  const key = typeof kid === 'string' ? await keys.find(kid) : null;
  if (key === null) throw new FlotillaError('token_key_unknown', 'the token names no key of this cluster');
  if (key.alg !== header?.alg) throw new FlotillaError('token_invalid', "the token's algorithm is not its key's");
  return key.verifying;
}

function parsePayload(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch (cause) {
    throw new FlotillaError('token_malformed', 'the payload is not JSON', { cause });
  }
}

function checkClaims(claims: TokenClaims, audience: string, nowMs: number): void {
  if (claims.aud !== audience) throw new FlotillaError('token_audience', 'the token is for another cluster');
  if (claims.exp * 1_000 <= nowMs) throw new FlotillaError('token_expired', 'the token has expired');
  if (claims.nbf !== undefined && claims.nbf * 1_000 > nowMs) {
    throw new FlotillaError('token_expired', 'the token is not good yet');
  }
  if (claims.sessionExpiresAt !== undefined && claims.sessionExpiresAt <= nowMs) {
    throw new FlotillaError('session_expired', 'the session has ended');
  }
}
