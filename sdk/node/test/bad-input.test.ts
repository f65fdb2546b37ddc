import { expect, test } from '@jest/globals';
import type { ConnectOptions, Flotilla, Message } from '../src/index.ts';
import { setup } from './setup.ts';

const tooLong = 'é'.repeat(65);
const circular: Record<string, unknown> = {};
circular['self'] = circular;

const message = (more: object): Message => ({ from: 'bob', to: 'alice', data: 1, ...more });
const send = (more: object) => (im: Flotilla) => im.send(message(more));
const publish = (channel: string) => (im: Flotilla) => im.channels.publish(channel, { from: null, data: 1 });
const connectInfo = (options: object) => (im: Flotilla) => im.connectInfo('alice', options);

test.each<[string, (im: Flotilla) => unknown, string]>([
  ['an empty receiver', send({ to: '' }), 'bad_client_id'],
  ['an empty receiver among others', send({ to: ['alice', ''] }), 'bad_client_id'],
  ['a receiver of more than 128 bytes', send({ to: tooLong }), 'bad_client_id'],
  ['a receiver with a lone surrogate', send({ to: 'a\ud800' }), 'bad_client_id'],
  ['a receiver that is a number', send({ to: 7 }), 'bad_client_id'],
  ['no receiver at all', send({ to: undefined }), 'bad_client_id'],
  ['an empty sender', send({ from: '' }), 'bad_client_id'],
  ['no sender', send({ from: undefined }), 'bad_options'],
  ['undefined data', send({ data: undefined }), 'bad_data'],
  ['data that is a function', send({ data: () => 1 }), 'bad_data'],
  ['data with a cycle', send({ data: circular }), 'bad_data'],
  ['data with a bigint', send({ data: { n: 1n } }), 'bad_data'],
  ['data of more than 64 KiB', send({ data: 'x'.repeat(65_535) }), 'data_too_large'],
  ['a text of more than 64 KiB', send({ data: 'é'.repeat(32_769), format: 'text' }), 'data_too_large'],
  ['a text that is no string', send({ data: 7, format: 'text' }), 'bad_data'],
  ['a text with a lone surrogate', send({ data: '\udfff', format: 'text' }), 'bad_data'],
  ['an unknown format', send({ format: 'xml' }), 'bad_options'],
  ['an empty key', send({ key: '' }), 'bad_options'],
  ['a key of more than 128 bytes', send({ key: tooLong }), 'bad_options'],
  ['a key for a live message', send({ key: 'k', live: true }), 'bad_options'],
  ['more than 1,000 receivers', send({ to: Array.from({ length: 1_001 }, (_, i) => `c${i}`) }), 'too_many_receivers'],
  ['a message that is none', (im) => im.send(null as never), 'bad_options'],
  ['a deadline that is none', (im) => im.send(message({}), { deadlineMs: -1 }), 'bad_options'],
  ['a signal that is none', (im) => im.send(message({}), { signal: {} as AbortSignal }), 'bad_options'],
  ['an empty channel', publish(''), 'bad_channel'],
  ['a channel of more than 128 bytes', publish(tooLong), 'bad_channel'],
  ['a channel with a lone surrogate', publish('\ud800'), 'bad_channel'],
  ['a reserved channel', publish('$broadcast'), 'reserved_channel'],
  ['joining a reserved channel', (im) => im.channels.join('$x', 'alice'), 'reserved_channel'],
  ['joining without a name', (im) => im.channels.join('', 'alice'), 'bad_channel'],
  ['joining nobody', (im) => im.channels.join('news', ['']), 'bad_client_id'],
  ['receivers on a publish', (im) => im.channels.publish('news', message({})), 'bad_options'],
  ['connecting nobody', (im) => im.connectInfo(''), 'bad_client_id'],
  ['an unknown option of connectInfo', connectInfo({ devise: 'phone' }), 'bad_options'],
  ['an unknown grant', connectInfo({ grants: { admin: true } }), 'bad_options'],
  ['metadata of more than 2 KiB', connectInfo({ metadata: 'x'.repeat(2_048) }), 'data_too_large'],
  ['metadata without a JSON form', connectInfo({ metadata: 1n }), 'bad_data'],
  ['a device without a name', connectInfo({ device: '' }), 'bad_options'],
  ['a session that ends never to be', connectInfo({ sessionExpiresAt: new Date('never') }), 'bad_options'],
  ['an overlong reason', (im) => im.disconnect('alice', { reason: 'x'.repeat(101) }), 'bad_options'],
  ['unknown grants', (im) => im.setGrants('alice', { all: true } as never), 'bad_options'],
  ['asking whether nobody is online', (im) => im.presence.online(['']), 'bad_client_id'],
  ['history from nowhere', (im) => im.history.inbox('alice', { after: 'x' }), 'bad_position'],
  ['history of nobody', (im) => im.history.inbox(''), 'bad_client_id'],
  ['receipts of nowhere', (im) => im.receipts.state({ clientId: 'a', messageId: 'm', position: '1' }), 'bad_position'],
  ['a group with spaces', (im) => im.presence.events({ group: 'a b' }), 'bad_options'],
  ['no attempts', (im) => im.upstream.frames({ maxAttempts: 0 }), 'bad_options'],
])('%s is refused', async (_, act, code) => {
  const { im } = await setup();
  // Some refuse at once, some by their promise: in both cases with a code and a sentence, and without a retry.
  const error = await Promise.resolve()
    .then(() => act(im))
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'FlotillaError', code, retryable: false });
  expect((error as Error).message.length).toBeGreaterThan(10);
});

test('all faults are named at once', async () => {
  const { im } = await setup();
  const wrong = { from: 'bob', to: 'alice', data: 1, colour: 1, size: 2, live: 'yes' } as unknown as Message;
  await expect(im.send(wrong)).rejects.toThrow(/colour.*size.*live/);
  await expect(im.connectInfo('alice', { colour: 1, size: 2, ttlMs: 0 } as ConnectOptions)).rejects.toThrow(
    /colour.*size.*ttlMs/,
  );
});

test('ids that are numbers beyond 2^53 or hold non-BMP characters are ids like others', async () => {
  const { im } = await setup();
  const ids = ['9007199254740993', '9007199254740992', '🚢', '🚣'];
  await im.send({ from: null, to: ids, data: 1 });
  await im.send({ from: null, to: '9007199254740993', data: 2 });
  const inboxes = await Promise.all(
    ids.map(async (id) => {
      const data: unknown[] = [];
      for await (const each of im.history.inbox(id)) data.push(each.data);
      return data;
    }),
  );
  expect(inboxes).toEqual([[1, 2], [1], [1], [1]]);
});

test.each<[string, (im: Flotilla, names: string[]) => unknown]>([
  ['receivers', (im, to) => im.send(message({ to }))],
  ['clients to join', (im, clients) => im.channels.join('news', clients)],
  ['channels to join', (im, channels) => im.channels.join(channels, 'alice')],
  ['clients that may be online', (im, clients) => im.presence.online(clients)],
])('a bad name among %s is told by its index', async (_, act) => {
  const { im } = await setup();
  const error = await Promise.resolve()
    .then(() => act(im, ['a', 'b', '']))
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ details: { index: 2 }, message: expect.stringContaining('the one at index 2 is not') });
});

test('a message to one receiver that is refused says why, and counts nobody', async () => {
  const { im } = await setup();
  await im.send(message({ key: 'k' }));
  await expect(im.send(message({ key: 'k', data: 2 }))).rejects.toMatchObject({
    code: 'key_conflict',
    message: 'this idempotency key was used with other content',
  });
});
