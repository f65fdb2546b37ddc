import nodeCrypto, { createHmac } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { define } from './platform.ts';

/** The secret of all tokens of a world, 32 bytes. */
const SECRET = Buffer.alloc(32, 7);

/** The one key of a world, as a service is given it. */
export const TOKEN_KEYS = Object.freeze({
  keys: [{ kty: 'oct', kid: 'k', alg: 'HS256', k: SECRET.toString('base64url') }],
});

/**
 * Web Crypto answers from other threads, when it likes. Here it answers at once, with the same signatures; keys, which a
 * world imports again and again, are those that Web Crypto made the first time.
 */
export async function installSignatures(): Promise<void> {
  const { subtle } = globalThis.crypto;
  const hash = { name: 'HMAC', hash: 'SHA-256' };
  const key = await subtle.importKey('raw', SECRET, hash, false, ['sign', 'verify']);
  const sign = (data: NodeJS.ArrayBufferView): Buffer => createHmac('sha256', SECRET).update(data).digest();
  define(subtle, {
    importKey: () => Promise.resolve(key),
    sign: (_: unknown, _key: CryptoKey, data: Uint8Array) => Promise.resolve(new Uint8Array(sign(data))),
    verify: (_: unknown, _key: CryptoKey, signature: Uint8Array, data: Uint8Array) =>
      Promise.resolve(sign(data).equals(signature)),
  });
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
        update(data: string) {
          const isScript = data.includes('redis.call');
          return isScript ? { digest: () => hashOfScript(data) } : hash.update(data);
        },
      };
    },
  });
  syncBuiltinESMExports();
}
