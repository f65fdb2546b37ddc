import { afterEach, expect, it } from '@jest/globals';
import { createKubernetesSecretApi } from '../../../operator/src/setup/kubernetes-secret-api.ts';
import { createPatientSecretApi } from '../../../operator/src/setup/patient-secret-api.ts';
import type { SecretApi } from '../../../operator/src/setup/secret-api.ts';
import { type FakeApi, startFakeApi } from './fake-api.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The program's way to the API, without its pauses. */
async function setup(
  token = 'the-token',
  deadlineMs = 20_000,
): Promise<{ api: SecretApi; server: FakeApi; trouble: string[] }> {
  const server = await startFakeApi();
  closers.push(server.close);
  const trouble: string[] = [];
  const direct = createKubernetesSecretApi({
    url: server.url,
    ca: null,
    token: () => Promise.resolve(token),
    namespace: 'here',
    deadlineMs,
  });
  let pauses = 0;
  const api = createPatientSecretApi(direct, {
    nowMs: () => pauses,
    sleep: () => Promise.resolve(),
    chance: () => 0,
    patienceMs: 10_000,
    onRetry: ({ message }) => {
      trouble.push(message);
      pauses += 1_000;
    },
  });
  return { api, server, trouble };
}

const secret = { name: 'keys', labels: { a: 'b' }, data: { 'keys.json': 'ü' } };

it('a Secret is made, read and removed', async () => {
  const { api, server } = await setup();
  await expect(api.read('keys')).resolves.toBeNull();
  await expect(api.create(secret)).resolves.toBe(true);
  const stored = await api.read('keys');
  expect(stored).toMatchObject(secret);
  await api.remove(stored!);
  expect(server.secrets.size).toBe(0);
});

it('one that is there is not made again, nor changed', async () => {
  const { api } = await setup();
  await api.create(secret);
  await expect(api.create({ ...secret, data: { 'keys.json': 'other' } })).resolves.toBe(false);
  await expect(api.read('keys')).resolves.toMatchObject(secret);
});

it.each([
  ['answers with 500 and no JSON', { type: 'answer', status: 500, body: 'oops' }],
  ['asks to wait', { type: 'answer', status: 429, headers: { 'retry-after': '1' } }],
  ['does not know of our rights yet', { type: 'answer', status: 403, body: '{"message":"secrets is forbidden"}' }],
  ['closes the connection', { type: 'reset' }],
  ['closes the connection after it did what was asked', { type: 'reset', isDone: true }],
  ['says nothing', { type: 'silence' }],
  ['answers with something else', { type: 'answer', status: 200, body: '[]' }],
] as const)('is patient with a server that %s', async (_name, misbehaviour) => {
  // Only silence is waited for.
  const { api, server, trouble } = await setup('the-token', misbehaviour.type === 'silence' ? 3_000 : 20_000);
  await api.create(secret);
  server.next.push(misbehaviour);
  await expect(api.read('keys')).resolves.toMatchObject(secret);
  expect(trouble).toHaveLength(1);
});

it('a Secret whose making was not confirmed is found to be there', async () => {
  const { api, server } = await setup();
  server.next.push({ type: 'reset', isDone: true });
  await expect(api.create(secret)).resolves.toBe(false);
  await expect(api.read('keys')).resolves.toMatchObject(secret);
});

it('does not wait for a namespace that is being removed', async () => {
  const { api, server, trouble } = await setup();
  const details = { causes: [{ reason: 'NamespaceTerminating' }] };
  server.next.push({ type: 'answer', status: 403, body: JSON.stringify({ message: 'is being terminated', details }) });
  await expect(api.create(secret)).rejects.toThrow('is being terminated');
  expect(trouble).toEqual([]);
});

it('gives up with the words of the server', async () => {
  const { api, server } = await setup('a token of nobody');
  await expect(api.read('keys')).rejects.toThrow('Unauthorized');
  expect(server.calls.length).toBeGreaterThan(1);
});

it('removing spares one of the same name that was made since', async () => {
  const { api, server } = await setup();
  await api.create(secret);
  await api.remove({ ...secret, uid: 'of an older one' });
  expect(server.secrets.size).toBe(1);
});
