import { SignJWT } from 'jose';
import type { TokenClaims } from '@flotilla-im/protocol';
import { signWithHmac } from './hmac-signature.ts';
import type { Signer, TokenKeys } from './token-keys.ts';

/** What a token is to say; times and its id are added. */
export type TokenContent = Omit<TokenClaims, 'jti' | 'iat' | 'exp'>;

/** How a token is issued. */
export interface IssueOptions {
  /** How long it can be spent, in milliseconds. */
  readonly ttlMs: number;
  /** Milliseconds since 1970. Default: now. */
  readonly nowMs?: number | undefined;
  /** Its `jti`. Default: random, unique. */
  readonly id?: string | undefined;
}

/** A signed token. */
export interface IssuedToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Signs a connection token (JWT, RFC 7519) with the first key.
 *
 * @throws {FlotillaError} bad_options when the first key has no private part
 */
export async function issueToken(keys: TokenKeys, content: TokenContent, options: IssueOptions): Promise<IssuedToken> {
  const signer = await keys.signer();
  const nowMs = options.nowMs ?? Date.now();
  const expiresAt = nowMs + options.ttlMs;
  const claims: TokenClaims = {
    ...content,
    jti: options.id ?? crypto.randomUUID(),
    iat: nowMs / 1_000,
    exp: expiresAt / 1_000,
  };
  return { token: await sign(claims, signer), expiresAt };
}

async function sign(claims: TokenClaims, signer: Signer): Promise<string> {
  const { alg, kid } = signer;
  if (signer.alg === 'HS256') return signWithHmac({ alg, kid }, claims, signer.secret);
  return new SignJWT({ ...claims }).setProtectedHeader({ alg, kid }).sign(signer.signing);
}
