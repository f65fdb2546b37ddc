import { type CryptoKey, importJWK } from 'jose';
import type { TokenKey } from './key-set.ts';

/** A key ready for use, imported once instead of at each token. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: 'HS256' | 'EdDSA';
  readonly verifying: CryptoKey;
  /** null: the private part is not here. */
  readonly signing: CryptoKey | null;
}

/** Imports a checked key. */
export async function importTokenKey(key: TokenKey): Promise<SigningKey> {
  const { kid, alg } = key;
  if (key.kty === 'oct') {
    const secret = await importSecret(key.k ?? '');
    return { kid, alg, verifying: secret, signing: secret };
  }
  const { d, ...open } = { kty: 'OKP' as const, alg, crv: 'Ed25519', x: key.x ?? '', d: key.d };
  const verifying = await importJWK(open, alg);
  const signing = d === undefined ? null : await importJWK({ ...open, d }, alg);
  return { kid, alg, verifying, signing };
}

function importSecret(k: string): Promise<CryptoKey> {
  const bytes = Buffer.from(k, 'base64url');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}
