import { ConfigError } from '@flotilla-im/environment';
import { describe, expect, test } from '@jest/globals';
import { parseExposure } from './exposure.ts';

const right = { namePrefix: 'im-s', podNamePrefix: 'im-', publicUrl: 'wss://a.example/s/{shard}' };

function faultsOf(change: Record<string, unknown>): readonly string[] {
  try {
    parseExposure(JSON.stringify({ ...right, ...change }));
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [String(error)];
  }
}

describe('the exposure file', () => {
  test('needs three things only', () => {
    expect(parseExposure(JSON.stringify(right))).toMatchObject({
      service: { type: 'ClusterIP', port: 8080, targetPort: 'http' },
      route: null,
    });
  });

  test('tells every fault at once, each with its place', () => {
    const route = { kind: 'HTTPRoute', parentRefs: [], hostname: 'a' };
    const faults = faultsOf({ publicUrl: 'https://a/', service: { port: 0 }, route });
    const places = ['publicUrl', 'service.port', 'route.parentRefs', 'route.hostname'];
    expect(faults).toEqual(
      expect.arrayContaining(places.map((place) => expect.stringContaining(`Exposure: ${place}: `))),
    );
  });

  test('refuses an address without a place for the shard', () => {
    expect(faultsOf({ publicUrl: 'wss://a.example/s' }).join()).toContain('{shard}');
  });

  test('refuses what is no JSON', () => {
    expect(() => parseExposure('{')).toThrow(ConfigError);
  });
});
