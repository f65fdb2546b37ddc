import nodeCrypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { define } from './platform.ts';

/** The secret of all tokens of a world, 32 bytes. */
const SECRET = Buffer.alloc(32, 7);

/** The one key of a world, as a service is given it. */
export const TOKEN_KEYS = Object.freeze({
  keys: [{ kty: 'oct', kid: 'k', alg: 'HS256', k: SECRET.toString('base64url') }],
});

/**
 * Web Crypto answers from other threads, when it likes. Here it answers at once. Keys, which a world imports again and again,
 * are those that Web Crypto made the first time; a signature is a checksum, since nobody forges any here.
 */
export async function installSignatures(): Promise<void> {
  const { subtle } = globalThis.crypto;
  const hash = { name: 'HMAC', hash: 'SHA-256' };
  const key = await subtle.importKey('raw', SECRET, hash, false, ['sign', 'verify']);
  define(subtle, {
    importKey: () => Promise.resolve(key),
    sign: (_: unknown, _key: unknown, data: Uint8Array) => Promise.resolve(checksum(data)),
    verify: (_: unknown, _key: unknown, signature: Uint8Array, data: Uint8Array) =>
      Promise.resolve(checksum(data).every((byte, i) => signature[i] === byte)),
  });
}

/** FNV-1a, written eight times. */
function checksum(data: Uint8Array): Uint8Array {
  let sum = 0x811c9dc5;
  for (const byte of data) sum = Math.imul(sum ^ byte, 0x01000193);
  return new Uint8Array(new Uint32Array(8).fill(sum).buffer);
}

/** Every store takes the hash of every script's text: each is computed once for all worlds. */
export function installHashes(): void {
  const { createHash } = nodeCrypto;
  const known = new Map<string, string>();
  const hashOfScript = (text: string): string => {
    let hash = known.get(text);
    if (hash === undefined) known.set(text, (hash = createHash('sha1').update(text).digest('hex')));
    return hash;
  };
  define(nodeCrypto, {
    createHash(algorithm: string): unknown {
      const hash = createHash(algorithm);
      if (algorithm !== 'sha1') return hash;
      return {
        update(data: string, encoding?: 'latin1' | 'utf8') {
          const isScript = encoding === undefined && data.includes('redis.call');
          return isScript ? { digest: () => hashOfScript(data) } : hash.update(data, encoding ?? 'utf8');
        },
      };
    },
  });
  syncBuiltinESMExports();
}
