import { writeFile } from 'node:fs/promises';

/**
 * Makes the token key file, once: a JWKS with one HS256 key of 32 bytes, readable by its owner only. A file that is there
 * already stays as it is, whatever its owner put into it.
 *
 * @param random - cryptographic chance: so many bytes
 */
export async function ensureTokenKeys(path: string, random: (bytes: number) => Buffer): Promise<void> {
  const key = {
    kty: 'oct',
    kid: `local-${random(4).toString('hex')}`,
    alg: 'HS256',
    k: random(32).toString('base64url'),
  };
  try {
    await writeFile(path, `${JSON.stringify({ keys: [key] }, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
  }
}
