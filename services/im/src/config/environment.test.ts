import { ConfigError } from '@flotilla-im/environment';
import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from './environment.ts';

const REQUIRED = { FLOTILLA_TOKEN_KEYS_FILE: '/keys.json', FLOTILLA_SHARD: '3' };

function faultsOf(environment: Record<string, string>, hostname = 'laptop'): readonly string[] {
  try {
    readEnvironment(environment, hostname);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('the environment of a pod', () => {
  it('is complete with the keys and the shard alone', () => {
    const config = readEnvironment(REQUIRED, 'laptop');
    expect(config).toMatchObject({ cluster: 'flotilla', shard: 3, host: '0.0.0.0', port: 8080, allowedOrigins: ['*'] });
    expect(config.limits).toMatchObject({ handshakesPerSecond: 2_000, leaseMs: 2_000, reconnectGraceMs: 10_000 });
  });

  it('takes the shard from the ordinal at the end of the hostname', () => {
    const { FLOTILLA_TOKEN_KEYS_FILE } = REQUIRED;
    expect(readEnvironment({ FLOTILLA_TOKEN_KEYS_FILE }, 'flotilla-im-12').shard).toBe(12);
    expect(readEnvironment({ FLOTILLA_TOKEN_KEYS_FILE }, 'im-0.im.chat.svc').shard).toBe(0);
  });

  it('counts an empty variable as missing', () => {
    expect(readEnvironment({ ...REQUIRED, FLOTILLA_PORT: '', FLOTILLA_CLUSTER: ' ' }, 'laptop')).toMatchObject({
      port: 8080,
      cluster: 'flotilla',
    });
  });

  it('reads lists, numbers and limits', () => {
    const config = readEnvironment(
      {
        ...REQUIRED,
        FLOTILLA_ALLOWED_ORIGINS: 'https://a.example, https://*.b.example',
        FLOTILLA_TRUSTED_PROXIES: '10.0.0.0/8 loopback',
        FLOTILLA_PORT: '0',
        FLOTILLA_LIMIT_FRAMES_PER_SECOND: '7',
      },
      'laptop',
    );
    expect(config.allowedOrigins).toEqual(['https://a.example', 'https://*.b.example']);
    expect(config.trustedProxies).toEqual(['10.0.0.0/8', 'loopback']);
    expect(config.port).toBe(0);
    expect(config.limits.framesPerSecond).toBe(7);
  });

  it('tells every fault at once, each with its variable, in sentences', () => {
    const faults = faultsOf({
      FLOTILLA_PORT: '70000',
      FLOTILLA_REDIS_URL: 'http://redis',
      FLOTILLA_LOG_LEVEL: 'loud',
      FLOTILLA_ALLOWED_ORIGINS: 'a.example',
      FLOTILLA_TRUSTED_PROXIES: '10.0.0.0/99',
      FLOTILLA_LIMIT_FRAME_BYTES: 'many',
      FLOTILLA_LIMIT_FRAMEBYTES: '5',
    });
    expect(faults).toEqual([
      'FLOTILLA_LIMIT_FRAMEBYTES is no limit that this version knows; --help lists them.',
      expect.stringMatching(/^FLOTILLA_REDIS_URL must be an address .* It is "http:\/\/redis"\.$/u),
      'FLOTILLA_SHARD is missing, and the hostname does not end in "-" and a number.',
      'FLOTILLA_PORT must be a whole number from 0 to 65535. It is 70000.',
      expect.stringMatching(/^FLOTILLA_ALLOWED_ORIGINS must be .* It is "a.example"\.$/u),
      expect.stringMatching(/^FLOTILLA_TRUSTED_PROXIES must be .* It is "10.0.0.0\/99"\.$/u),
      expect.stringMatching(/^FLOTILLA_LOG_LEVEL must be one of silent, .* It is "loud"\.$/u),
      'FLOTILLA_LIMIT_FRAME_BYTES must be a whole number from 1024 to 16777216. It is "many".',
      'FLOTILLA_TOKEN_KEYS_FILE is missing: without keys no token can be checked.',
    ]);
  });

  it('knows a Kubernetes service link when it sees one', () => {
    expect(faultsOf({ ...REQUIRED, FLOTILLA_PORT: 'tcp://10.1.2.3:80' })[0]).toContain('enableServiceLinks: false');
  });

  it('refuses limits that contradict each other', () => {
    const faults = faultsOf({
      ...REQUIRED,
      FLOTILLA_LIMIT_LEASE_MS: '600',
      FLOTILLA_LIMIT_HEARTBEAT_TIMEOUT_MS: '1000',
    });
    expect(faults).toEqual([
      'FLOTILLA_LIMIT_LEASE_HEARTBEAT_MS must be at most half of FLOTILLA_LIMIT_LEASE_MS (600).',
      'FLOTILLA_LIMIT_HEARTBEAT_TIMEOUT_MS must be longer than FLOTILLA_LIMIT_HEARTBEAT_MS (15000).',
    ]);
  });
});
