/** One key of a JSON Web Key Set (RFC 7517): a secret for HS256, or an Ed25519 key for EdDSA. */
export interface TokenKey {
  readonly kty: 'oct' | 'OKP';
  /** Names the key in the tokens it signs; unique in the set. */
  readonly kid: string;
  readonly alg: 'HS256' | 'EdDSA';
  /** `oct`: base64url of at least 32 random bytes. */
  readonly k?: string | undefined;
  /** `OKP`. */
  readonly crv?: 'Ed25519' | undefined;
  /** `OKP`: the public part, base64url. */
  readonly x?: string | undefined;
  /** `OKP`: the private part, base64url; a key without it only verifies. */
  readonly d?: string | undefined;
}

/** The first key signs, all verify: to rotate, put the new key second, wait until every process has it, then first. */
export interface TokenKeySet {
  readonly keys: readonly TokenKey[];
}
