import { randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { TokenKeySet } from '../../../sdk/node/src/tokens/index.ts';

/** The cluster of these tests. */
export const CLUSTER = 'edge-test';

/** A key set with one key, and tokens signed with it. */
export interface TokenHarness {
  readonly keys: TokenKeySet;
  /** A token that is good for one connection, unless the claims say otherwise. */
  readonly token: (
    claims?: Record<string, unknown>,
    header?: { kid?: string; secret?: Uint8Array; alg?: string },
  ) => Promise<string>;
}

/** Makes a new key. */
export function createTokens(): TokenHarness {
  const secret = randomBytes(32);
  const keys: TokenKeySet = { keys: [{ kty: 'oct', kid: 'k1', alg: 'HS256', k: secret.toString('base64url') }] };
  return {
    keys,
    token: (claims = {}, header = {}) => {
      const nowS = Date.now() / 1_000;
      const content = { aud: CLUSTER, sub: 'alice', jti: randomUUID(), iat: nowS, exp: nowS + 10, ...claims };
      return new SignJWT(content)
        .setProtectedHeader({ alg: header.alg ?? 'HS256', kid: header.kid ?? 'k1' })
        .sign(header.secret ?? secret);
    },
  };
}
