import { ConfigError } from '@flotilla-im/environment';
import { describe, expect, test } from '@jest/globals';
import { helpText, readEnvironment } from './environment.ts';

const FILES = { FLOTILLA_LOCAL_FLEET_FILE: '/fleet.json', FLOTILLA_LOCAL_MAP_FILE: '/map.json' };

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readEnvironment(environment);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [];
  }
}

describe('the operator’s environment', () => {
  test('needs its two files only', () => {
    expect(readEnvironment(FILES)).toMatchObject({
      cluster: 'flotilla',
      port: 8081,
      failoverAfterMs: 2_000,
      mode: 'local',
    });
  });

  test('tells every fault at once', () => {
    expect(faultsOf({ FLOTILLA_PORT: 'http', FLOTILLA_MODE: 'cloud' })).toEqual([
      'FLOTILLA_MODE must be local or kubernetes. It is "cloud".',
      'FLOTILLA_PORT must be a whole number from 0 to 65535. It is "http".',
    ]);
  });

  test('needs what belongs to its mode, and does not look at the rest', () => {
    expect(faultsOf({ FLOTILLA_LOCAL_MAP_FILE: '/map.json' })).toEqual(['FLOTILLA_LOCAL_FLEET_FILE is missing.']);
    expect(
      faultsOf({ FLOTILLA_MODE: 'kubernetes', FLOTILLA_NAMESPACE: 'chat', FLOTILLA_STATEFULSET: 'Chat im' }),
    ).toEqual([
      'FLOTILLA_STATEFULSET must be a name of lower-case letters, digits, "-" and ".". It is "Chat im".',
      'FLOTILLA_SHARD_MAP is missing.',
      'FLOTILLA_LEASE is missing.',
      'FLOTILLA_IDENTITY is missing.',
      'FLOTILLA_EXPOSURE_FILE is missing.',
    ]);
  });

  test('never shows what may hold a password', () => {
    expect(faultsOf({ ...FILES, FLOTILLA_REDIS_URL: 'http://me:secret@redis' }).join()).not.toContain('secret');
  });

  test('is listed by the help, name by name', () => {
    expect(helpText()).toContain('FLOTILLA_LOCAL_FLEET_FILE\n');
    expect(helpText()).toContain('Default: none, required');
  });
});
