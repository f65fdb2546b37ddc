import { describe, expect, test } from '@jest/globals';
import { ConfigError } from './config-error.ts';
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
    expect(faultsOf({ FLOTILLA_PORT: 'http', FLOTILLA_MODE: 'cloud', FLOTILLA_LOCAL_MAP_FILE: '/map.json' })).toEqual([
      'FLOTILLA_MODE must be local. It is "cloud".',
      'FLOTILLA_LOCAL_FLEET_FILE is missing.',
      'FLOTILLA_PORT must be a whole number from 0 to 65535. It is "http".',
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
