import { isFlotillaError } from '@flotilla-im/protocol';
import { parseTokenKeySet } from '@flotilla-im/sdk/tokens';
import type { SetupConfig } from './config.ts';

/** A Secret that is to be there. */
export interface WantedSecret {
  readonly name: string;
  /** New contents, by chance. */
  readonly make: () => Readonly<Record<string, string>>;
  /** Why contents that were found cannot be used, the end of a sentence; null when they can. */
  readonly faultOf: (data: Readonly<Record<string, string>>) => string | null;
}

/** Label by which Secrets made here are known; nothing else is ever removed. */
export const MANAGED_BY = Object.freeze({ 'app.kubernetes.io/managed-by': 'flotilla-setup' });

const KEYS = 'keys.json';
const PASSWORD = 'password';

/**
 * The Secrets that the configuration names.
 *
 * @param random - cryptographic chance: so many bytes
 */
export function wantedSecrets(config: SetupConfig, random: (bytes: number) => Buffer): readonly WantedSecret[] {
  const tokenKeys = { name: config.tokenKeysSecret, make: () => ({ [KEYS]: tokenKeySet(random) }), faultOf: keysFault };
  const redis = {
    name: config.redisSecret,
    // Also right inside of a URL.
    make: () => ({ [PASSWORD]: random(32).toString('base64url') }),
    faultOf: (data: Readonly<Record<string, string>>) => (data[PASSWORD] ? null : `holds no ${PASSWORD}`),
  };
  return [tokenKeys, redis].filter(({ name }) => name !== '');
}

/** A JWKS (RFC 7517) with one HS256 key of 32 bytes. */
function tokenKeySet(random: (bytes: number) => Buffer): string {
  const kid = `setup-${random(4).toString('hex')}`;
  const key = { kty: 'oct', kid, alg: 'HS256', k: random(32).toString('base64url') };
  return `${JSON.stringify({ keys: [key] }, null, 2)}\n`;
}

function keysFault(data: Readonly<Record<string, string>>): string | null {
  const text = data[KEYS];
  if (text === undefined) return `holds no ${KEYS}`;
  try {
    parseTokenKeySet(text, KEYS);
    return null;
  } catch (error) {
    if (isFlotillaError(error)) return `cannot be used: ${error.message}`;
    throw error;
  }
}
