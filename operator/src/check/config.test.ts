import { ConfigError } from '@flotilla-im/environment';
import { expect, it } from '@jest/globals';
import { readCheckConfig } from './config.ts';

const complete = {
  FLOTILLA_CLUSTER: 'chat',
  FLOTILLA_REDIS_URL: 'redis://redis:6379',
  FLOTILLA_TOKEN_KEYS_FILE: '/keys.json',
  FLOTILLA_SHARD_SERVICE: 'ws://chat-im-s{shard}.here.svc:8080/s/{shard}',
};

it.each([
  ['no routes', {}, undefined],
  ['the routes of the map', { FLOTILLA_CHECK_ROUTES: 'true', FLOTILLA_CHECK_ROUTE_URL: '' }, null],
  [
    'routes at an address of their own',
    { FLOTILLA_CHECK_ROUTES: 'true', FLOTILLA_CHECK_ROUTE_URL: 'ws://edge/s/{shard}' },
    'ws://edge/s/{shard}',
  ],
])('asks for %s', (_which, more, routeUrl) => {
  expect(readCheckConfig({ ...complete, ...more }).routeUrl).toBe(routeUrl);
});

it('every fault is told with its variable, and no value', () => {
  let told: unknown;
  try {
    readCheckConfig({
      FLOTILLA_REDIS_URL: 'redis://:hush@redis',
      FLOTILLA_SHARD_SERVICE: 'ws://one',
      FLOTILLA_CHECK_ROUTES: 'hush',
    });
  } catch (error) {
    told = error;
  }
  expect(told).toBeInstanceOf(ConfigError);
  expect((told as ConfigError).faults).toEqual([
    'FLOTILLA_CLUSTER is missing.',
    'FLOTILLA_TOKEN_KEYS_FILE is missing.',
    'FLOTILLA_SHARD_SERVICE must hold {shard} where the id belongs.',
    'FLOTILLA_CHECK_ROUTES must be true or false.',
  ]);
});
