import { expect, test } from '@jest/globals';
import { unknownVariables } from './unknown-variables.ts';

const KNOWN = ['FLOTILLA_REDIS_URL', 'FLOTILLA_PORT', 'FLOTILLA_HOST', 'FLOTILLA_CLUSTER'];
const namesIn = (...names: string[]) =>
  unknownVariables(Object.fromEntries(names.map((name) => [name, 'x'])), KNOWN).map(
    ({ variable, nearest }) => `${variable} → ${nearest}`,
  );

test.each([
  ['FLOTILLA_REDIS_ULR', 'FLOTILLA_REDIS_URL'],
  ['FLOTILLA_REDISURL', 'FLOTILLA_REDIS_URL'],
  ['FLOTILLA_CLUSTERS', 'FLOTILLA_CLUSTER'],
  ['flotilla_port', 'FLOTILLA_PORT'],
  ['FLOTILLA_HSOT', 'FLOTILLA_HOST'],
])('%s is taken for %s', (variable, nearest) => {
  expect(namesIn(variable)).toEqual([`${variable} → ${nearest}`]);
});

test('what is known, of others, or made by Kubernetes is left alone', () => {
  const ofKubernetes = ['FLOTILLA_SERVICE_HOST', 'FLOTILLA_SERVICE_PORT', 'FLOTILLA_PORT_8080_TCP_ADDR'];
  expect(
    namesIn(...KNOWN, ...ofKubernetes, 'FLOTILLA_DEMO_SESSION_SECRET', 'FLOTILLA_MODE', 'PATH', 'REDIS_URL'),
  ).toEqual([]);
});
