import { ConfigError } from '@flotilla-im/environment';
import { expect, it } from '@jest/globals';
import { readSetupConfig } from './config.ts';

function faultsOf(environment: Record<string, string>, args: readonly string[] = []): readonly string[] {
  try {
    readSetupConfig(environment, args);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

it('a Secret without a name is not wanted', () => {
  const environment = { FLOTILLA_NAMESPACE: 'chat', FLOTILLA_REDIS_SECRET: '', FLOTILLA_SECRET_LABELS: '{"a":"b"}' };
  expect(readSetupConfig(environment, ['--remove'])).toEqual({
    task: 'remove',
    namespace: 'chat',
    tokenKeysSecret: '',
    redisSecret: '',
    labels: { a: 'b' },
  });
});

it('every fault is told, each with its variable', () => {
  const environment = { FLOTILLA_TOKEN_KEYS_SECRET: 'No Name', FLOTILLA_SECRET_LABELS: '{"a":1}' };
  expect(faultsOf(environment, ['--all'])).toEqual([
    'The only argument there is is --remove.',
    'FLOTILLA_NAMESPACE is missing.',
    'FLOTILLA_TOKEN_KEYS_SECRET must be a name of Kubernetes.',
    'FLOTILLA_SECRET_LABELS must be a JSON object of texts.',
  ]);
});
