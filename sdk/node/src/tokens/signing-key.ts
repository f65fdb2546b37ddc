import { createSecretKey, type KeyObject } from 'node:crypto';
import { type CryptoKey, importJWK } from 'jose';
import type { TokenKey } from './key-set.ts';

/** A key ready for use, imported once instead of at each token. */
export type SigningKey = SecretKey | KeyPair;

/** Signs and verifies. */
export interface SecretKey {
  readonly kid: string;
  readonly alg: 'HS256';
  readonly secret: KeyObject;
}

/** Its public part verifies, its private part signs. */
export interface KeyPair {
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly verifying: CryptoKey;
  /** null: the private part is not here. */
  readonly signing: CryptoKey | null;
}

/** Imports a checked key. */
export async function importTokenKey(key: TokenKey): Promise<SigningKey> {
  const { kid, alg } = key;
  if (alg === 'HS256') return { kid, alg, secret: createSecretKey(key.k ?? '', 'base64url') };
  const { d, ...open } = { kty: 'OKP' as const, alg, crv: 'Ed25519', x: key.x ?? '', d: key.d };
  const verifying = await importJWK(open, alg);
  const signing = d === undefined ? null : await importJWK({ ...open, d }, alg);
  return { kid, alg, verifying, signing };
}
