import { hkdfSync } from 'node:crypto';

/**
 * One secret for cookies from each token key (RFC 5869), so that sessions outlive a restart, are the same in every
 * replica, and stay good while keys are rotated. Knowing one tells nothing of the token key.
 *
 * @param jwks - text of the JWKS file
 * @throws {Error} when that holds no secret key
 */
export function parseCookieSecrets(jwks: string): string[] {
  const secrets = keysOf(jwks).flatMap((key) => secretOf(key) ?? []);
  if (secrets.length === 0) throw new Error('holds no key set: {"keys": [...]} with at least one secret key');
  return secrets.map((secret) =>
    Buffer.from(hkdfSync('sha256', secret, '', 'flotilla demo cookie', 32)).toString('hex'),
  );
}

function keysOf(jwks: string): readonly unknown[] {
  try {
    const { keys } = JSON.parse(jwks) as { keys?: unknown };
    return Array.isArray(keys) ? keys : [];
  } catch {
    return [];
  }
}

/** The secret part of a symmetric (`k`) or an Ed25519 key (`d`), RFC 7518 and RFC 8037. */
function secretOf(key: unknown): string | undefined {
  const { k, d } = (key ?? {}) as { k?: unknown; d?: unknown };
  return [k, d].find((part): part is string => typeof part === 'string' && part.length >= 32);
}
