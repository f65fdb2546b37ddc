import { compactVerify, type CryptoKey, decodeProtectedHeader, errors, type ProtectedHeaderParameters } from 'jose';
import { FlotillaError, parseTokenClaims, type TokenClaims } from '@flotilla-im/protocol';
import { isSignedWithHmac } from './hmac-signature.ts';
import type { SigningKey } from './signing-key.ts';
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
    throw malformed();
  }
  const claims = parseTokenClaims(parsePayload(await checkSignature(token, options.keys)));
  checkClaims(claims, options.audience, options.nowMs ?? Date.now());
  return claims;
}

/** What was signed. */
async function checkSignature(token: string, keys: TokenKeys): Promise<Uint8Array> {
  const header = headerOf(token);
  if (typeof header.alg !== 'string') throw malformed();
  // Nothing that a token may call critical (RFC 7515, section 4.1.11) is known here.
  if (!ALGORITHMS.includes(header.alg) || header.crit !== undefined) throw forged();
  const key = await keyFor(header, keys);
  if (key.alg !== 'HS256') return checkByJose(token, key.verifying);
  if (!isSignedWithHmac(token, key.secret)) throw forged();
  return Buffer.from(token.split('.')[1] ?? '', 'base64url');
}

function headerOf(token: string): ProtectedHeaderParameters {
  try {
    if (token.split('.').length === 3) return decodeProtectedHeader(token);
  } catch (cause) {
    throw malformed({ cause });
  }
  throw malformed();
}

async function checkByJose(token: string, key: CryptoKey): Promise<Uint8Array> {
  try {
    return (await compactVerify(token, key, { algorithms: ALGORITHMS })).payload;
  } catch (error) {
    throw error instanceof errors.JWSInvalid ? malformed({ cause: error }) : forged({ cause: error });
  }
}

function malformed(options?: ErrorOptions): FlotillaError {
  return new FlotillaError('token_malformed', 'the token is not a JWT', options);
}

function forged(options?: ErrorOptions): FlotillaError {
  return new FlotillaError('token_invalid', 'the token is not signed by a key of this cluster', options);
}

async function keyFor({ kid, alg }: ProtectedHeaderParameters, keys: TokenKeys): Promise<SigningKey> {
  const key = typeof kid === 'string' ? await keys.find(kid) : null;
  if (key === null) throw new FlotillaError('token_key_unknown', 'the token names no key of this cluster');
  if (key.alg !== alg) throw new FlotillaError('token_invalid', "the token's algorithm is not its key's");
  return key;
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
