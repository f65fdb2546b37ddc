import * as v from 'valibot';
import { FlotillaError } from '@flotilla-im/protocol';
import type { TokenKeySet } from './key-set.ts';

const MIN_SECRET_BYTES = 32;

const kid = v.pipe(v.string(), v.minLength(1, 'is empty'), v.maxLength(128, 'is longer than 128 characters'));
const base64url = (bytes: number, exactly: boolean) =>
  v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9_-]+={0,2}$/, 'is not base64url'),
    v.check(
      (text) => {
        const size = Buffer.from(text, 'base64url').length;
        return exactly ? size === bytes : size >= bytes;
      },
      `holds ${exactly ? 'not exactly' : 'fewer than'} ${bytes} bytes`,
    ),
  );

// Other members of a JWK (`use`, `key_ops`, …) are allowed and ignored (RFC 7517, section 4).
const key = v.variant(
  'kty',
  [
    v.object({ kty: v.literal('oct'), kid, alg: v.literal('HS256'), k: base64url(MIN_SECRET_BYTES, false) }),
    v.object({
      kty: v.literal('OKP'),
      kid,
      alg: v.literal('EdDSA'),
      crv: v.literal('Ed25519'),
      x: base64url(32, true),
      d: v.optional(base64url(32, true)),
    }),
  ],
  'is neither oct (HS256) nor OKP (EdDSA)',
);

const keySet = v.object({
  keys: v.pipe(
    v.array(key),
    v.minLength(1, 'is empty'),
    v.check((keys) => new Set(keys.map((each) => each.kid)).size === keys.length, 'name a kid twice'),
  ),
});

/**
 * Reads a JSON Web Key Set: its text, or the value.
 *
 * @param origin - names it in the error, for example the file's path
 * @throws {FlotillaError} bad_options with every fault; the text never repeats key material
 */
export function parseTokenKeySet(value: unknown, origin = 'tokenKeys'): TokenKeySet {
  const result = v.safeParse(keySet, typeof value === 'string' ? parseJson(value, origin) : value);
  if (result.success) return result.output;
  const faults = result.issues.map((issue) => {
    const path = v.getDotPath(issue);
    // valibot's own texts repeat what was received, which may be a secret.
    const what = issue.type === 'literal' || issue.kind === 'schema' ? 'is missing or not as expected' : issue.message;
    return path === null ? what : `${path} ${what}`;
  });
  throw new FlotillaError('bad_options', `${origin} is no usable key set: ${faults.join('; ')}`);
}

function parseJson(text: string, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FlotillaError('bad_options', `${origin} is no usable key set: it is not JSON`);
  }
}
