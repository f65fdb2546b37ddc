import { expect, test } from '@jest/globals';
import { createMemoryStore } from '@flotilla-im/store';
import { createFlotilla, type FlotillaOptions } from '../src/index.ts';
import { setup, storeWith, take, TOKEN_KEYS } from './setup.ts';

const store = () => createMemoryStore({ cluster: 'chat' });

test.each<[string, () => object]>([
  ['neither redis nor store', () => ({})],
  ['both redis and store', () => ({ redis: 'redis://127.0.0.1', store: store() })],
  ['an empty address', () => ({ redis: '' })],
  ['an address of something else', () => ({ redis: 'http://127.0.0.1' })],
  ['the cluster of another store', () => ({ store: store(), cluster: 'other' })],
  ['a cluster name that cannot be', () => ({ redis: 'redis://127.0.0.1', cluster: 'a b' })],
  ['a deadline of nothing', () => ({ store: store(), deadlineMs: 0 })],
  ['half a byte of data', () => ({ store: store(), maxDataBytes: 0.5 })],
  ['a hook that is none', () => ({ store: store(), onSend: 'log' })],
  ['keys that are none', () => ({ store: store(), tokenKeys: { keys: [] } })],
  ['a key file that is not there', () => ({ store: store(), tokenKeys: '/nowhere/keys.json' })],
])('%s is refused with bad_options', async (_, options) => {
  await expect(createFlotilla(options() as FlotillaOptions)).rejects.toMatchObject({ code: 'bad_options' });
});

test('unknown options are named, all of them', async () => {
  const options = { store: store(), host: 'x', port: 1 } as unknown as FlotillaOptions;
  await expect(createFlotilla(options)).rejects.toThrow(/host.*port/);
});

test('an address with a password is never repeated', async () => {
  const error = await createFlotilla({ redis: 'redis://:hunter2@' }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'bad_options' });
  expect(String(error)).not.toContain('hunter2');
});

test('two clusters in one process do not hear each other', async () => {
  const [a, b] = await Promise.all([setup(), setup({ store: createMemoryStore({ cluster: 'other' }) })]);
  await a.im.send({ from: null, to: 'alice', data: 'a' });
  await b.im.send({ from: null, to: 'alice', data: 'b' });
  const [first, ...others] = await take(b.im.history.inbox('alice'), 2);
  expect([first?.data, others]).toEqual(['b', []]);
});

test('a closed instance refuses calls, and can be closed again', async () => {
  const { im } = await setup();
  await im.close();
  await im.close();
  const closed = { code: 'closed', retryable: false };
  await expect(im.send({ from: null, to: 'alice', data: 1 })).rejects.toMatchObject(closed);
  await expect(im.connectInfo('alice')).rejects.toMatchObject(closed);
  await expect(im.presence.online(['alice'])).rejects.toMatchObject(closed);
  await expect(im.channels.join('news', 'alice')).rejects.toMatchObject(closed);
  expect(() => im.presence.events()).toThrow(expect.objectContaining(closed));
});

test('closing lets calls under way finish, and leaves a store open that was given', async () => {
  const real = store();
  let closes = 0;
  const slow = storeWith(real, {
    logs: {
      append: async (append) => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        return real.logs.append(append);
      },
    },
  });
  const im = await createFlotilla({ store: Object.assign(slow, { close: () => Promise.resolve(void (closes += 1)) }) });
  const sending = im.send({ from: null, to: 'alice', data: 1 });
  await im.close();
  expect((await sending).outcomes).toMatchObject([{ outcome: 'appended' }]);
  expect(closes).toBe(0);
});

test('warnings of the store are handed on', async () => {
  const { im } = await setup();
  expect(im.warnings.length).toBeGreaterThan(0);
});

test('keys given as a set are used as they are', async () => {
  await expect(setup({ tokenKeys: TOKEN_KEYS })).resolves.toBeDefined();
});
