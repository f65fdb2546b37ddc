import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseTokenKeySet } from '@flotilla-im/sdk/tokens';
import { readSetupConfig } from './config.ts';
import type { Secret, SecretApi, StoredSecret } from './secret-api.ts';
import { createSecrets, removeSecrets } from './set-up.ts';
import { wantedSecrets } from './wanted-secrets.ts';

const MANAGED = 'app.kubernetes.io/managed-by';
const INSTANCE = 'app.kubernetes.io/instance';

/** A namespace in memory, and what the program does in it. */
function setup(instance = 'chat') {
  const secrets = new Map<string, StoredSecret>();
  const told: string[] = [];
  let made = 0;
  const put = (secret: Secret): void => void secrets.set(secret.name, { ...secret, uid: `uid-${(made += 1)}` });
  const api: SecretApi = {
    read: (name) => Promise.resolve(secrets.get(name) ?? null),
    create(secret) {
      if (secrets.has(secret.name)) return Promise.resolve(false);
      put(secret);
      return Promise.resolve(true);
    },
    remove({ name }) {
      secrets.delete(name);
      return Promise.resolve();
    },
  };
  const environment = {
    FLOTILLA_NAMESPACE: 'here',
    FLOTILLA_TOKEN_KEYS_SECRET: 'chat-token-keys',
    FLOTILLA_REDIS_SECRET: 'chat-redis',
    FLOTILLA_SECRET_LABELS: JSON.stringify({ [INSTANCE]: instance, [MANAGED]: 'Helm' }),
  };
  const config = readSetupConfig(environment, []);
  const wanted = wantedSecrets(config, randomBytes);
  const create = (by = api): Promise<void> => createSecrets(wanted, config.labels, by, (text) => told.push(text));
  const remove = (): Promise<void> => removeSecrets(wanted, config.labels, api, (text) => told.push(text));
  return { secrets, put, api, told, create, remove };
}

describe('before a release is installed', () => {
  it('a key set that shards accept and a long password are made', async () => {
    const { secrets, create, told } = setup();
    await create();
    expect(parseTokenKeySet(secrets.get('chat-token-keys')?.data['keys.json']).keys).toHaveLength(1);
    expect(secrets.get('chat-redis')?.data['password']).toMatch(/^[\w-]{43}$/u);
    expect(secrets.get('chat-redis')?.labels).toEqual({ [INSTANCE]: 'chat', [MANAGED]: 'flotilla-setup' });
    expect(told).toEqual(['Secret chat-token-keys is made.', 'Secret chat-redis is made.']);
  });

  it('what is there is not touched, however often it is asked for', async () => {
    const { secrets, create } = setup();
    await create();
    const before = new Map(secrets);
    await create();
    expect(secrets).toEqual(before);
  });

  it('one that another made in between is taken', async () => {
    const { secrets, api, create, put, told } = setup();
    let isFirst = true;
    const read = (name: string): Promise<StoredSecret | null> => {
      if (!isFirst || name !== 'chat-redis') return api.read(name);
      isFirst = false;
      put({ name, labels: {}, data: { password: 'theirs' } });
      return Promise.resolve(null);
    };
    await create({ ...api, read });
    expect(secrets.get('chat-redis')?.data['password']).toBe('theirs');
    expect(told).toContain('Secret chat-redis is there and stays as it is.');
  });

  it.each([
    ['chat-token-keys', {}, 'Secret chat-token-keys holds no keys.json.'],
    [
      'chat-token-keys',
      { 'keys.json': '{}' },
      /^Secret chat-token-keys cannot be used: keys.json is no usable key set/u,
    ],
    ['chat-redis', { password: '' }, 'Secret chat-redis holds no password.'],
  ] as const)('a %s with %j in it is a mistake to be told', async (name, data, message) => {
    const { put, create } = setup();
    put({ name, labels: {}, data });
    await expect(create()).rejects.toThrow(message);
  });
});

describe('after a release was uninstalled', () => {
  it('what was made for it is removed', async () => {
    const { secrets, create, remove } = setup();
    await create();
    await remove();
    expect([...secrets.keys()]).toEqual([]);
  });

  it.each([
    ['by somebody', { [INSTANCE]: 'chat' }],
    ['for another release', { [INSTANCE]: 'other', [MANAGED]: 'flotilla-setup' }],
  ])('what was made %s stays', async (_by, labels) => {
    const { secrets, put, remove, told } = setup();
    put({ name: 'chat-redis', labels, data: { password: 'theirs' } });
    await remove();
    expect([...secrets.keys()]).toEqual(['chat-redis']);
    expect(told).toEqual(['Secret chat-redis was not made by this release and stays.']);
  });
});
