import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@flotilla-im/environment';
import { afterAll, describe, expect, it } from '@jest/globals';
import { compileConfig } from './config.ts';
import { readEnvironment } from './environment.ts';
import { helpText, VARIABLES } from './variables.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-demo-'));
const keys = join(folder, 'keys.json');
writeFileSync(keys, JSON.stringify({ keys: [{ kty: 'oct', kid: '1', alg: 'HS256', k: 'k'.repeat(43) }] }));
afterAll(() => rmSync(folder, { recursive: true }));

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readEnvironment(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('the configuration of the demo', () => {
  it('is complete with the keys alone', () => {
    expect(compileConfig(readEnvironment({ FLOTILLA_TOKEN_KEYS_FILE: keys, FLOTILLA_DEMO_PORT: ' ' }))).toMatchObject({
      cluster: 'flotilla',
      redisUrl: 'redis://127.0.0.1:6379',
      redisPassword: null,
      host: '127.0.0.1',
      port: 8080,
      trustedProxies: [],
      controlUrl: null,
      iceServers: [],
    });
  });

  it('tells every fault at once, each with its variable', () => {
    const faults = faultsOf({
      FLOTILLA_CLUSTER: 'two words',
      FLOTILLA_REDIS_URL: 'http://user:secret@redis',
      FLOTILLA_REDIS_PASSWORD_FILE: join(folder, 'no-such-file'),
      FLOTILLA_DEMO_HOST: 'a host',
      FLOTILLA_DEMO_PORT: '80 80',
      FLOTILLA_TRUSTED_PROXIES: 'private, 10.0.0.0/33',
      FLOTILLA_CONTROL_URL: 'nowhere',
      FLOTILLA_ICE_SERVERS: 'stun:stun.example.org',
    });
    expect(faults).toEqual([
      'FLOTILLA_CLUSTER must be a name of at most 64 characters without spaces.',
      'FLOTILLA_REDIS_URL must be an address such as redis://host:6379.',
      'FLOTILLA_DEMO_HOST must be a host name or an IP address.',
      'FLOTILLA_DEMO_PORT must be a whole number from 0 to 65535.',
      'FLOTILLA_TRUSTED_PROXIES must be addresses, CIDR ranges, "loopback" or "private".',
      'FLOTILLA_CONTROL_URL must be a URL.',
      'FLOTILLA_REDIS_PASSWORD_FILE names a file that cannot be read (ENOENT).',
      'FLOTILLA_TOKEN_KEYS_FILE is missing.',
      'FLOTILLA_ICE_SERVERS must be a JSON list such as [{"urls": "stun:stun.example.org:3478"}].',
    ]);
  });

  it.each(['', 'no json', '{"keys":[]}', '{"keys":[{"k":"short"}]}', '{"keys":[{"kty":"OKP","x":"public only"}]}'])(
    'needs keys that are secret: %j are none',
    (text) => {
      const file = join(folder, 'other.json');
      writeFileSync(file, text);
      expect(faultsOf({ FLOTILLA_TOKEN_KEYS_FILE: file })).toEqual([
        'FLOTILLA_TOKEN_KEYS_FILE holds no key set: {"keys": [...]} with at least one secret key.',
      ]);
    },
  );

  it('reads the password from its file', () => {
    const redisPasswordFile = join(folder, 'password');
    writeFileSync(redisPasswordFile, 'hush\n');
    expect(compileConfig({ tokenKeysFile: keys, redisPasswordFile }).redisPassword).toBe('hush');
  });

  it('is explained by --help, variable by variable', () => {
    for (const { name, shownDefault } of VARIABLES) {
      expect(helpText()).toContain(`${name}\n`);
      expect(helpText()).toContain(`Default: ${shownDefault}\n`);
    }
  });
});
