import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { FlotillaError } from '@flotilla-im/protocol';
import { type FakeWebSocket, fakeWebSockets, settle } from '../test/fake-web-socket.ts';
import { A, message } from '../test/scripted-world.ts';
import { connect, type Connection } from './connection.ts';
import type { ConnectionState } from './events.ts';
import type { AddressSource, ConnectOptions, WebSocketClass } from './options.ts';

interface Setup {
  readonly connection: Connection;
  readonly sockets: FakeWebSocket[];
  readonly states: ConnectionState[];
  /** The newest socket. */
  readonly socket: () => FakeWebSocket;
}

const ADDRESS = { url: 'wss://im.example/s/0/ws', token: 'a.b' };

async function setup(options: Partial<ConnectOptions> = {}): Promise<Setup> {
  const { sockets, WebSocket } = fakeWebSockets();
  const connection = connect({ address: () => ADDRESS, WebSocket, ...options });
  const states: ConnectionState[] = [];
  connection.on('state', (state) => states.push(state));
  await settle();
  return { connection, sockets, states, socket: () => sockets.at(-1)! };
}

async function served(options: Partial<ConnectOptions> = {}): Promise<Setup> {
  const made = await setup(options);
  made.socket().serve();
  await settle();
  return made;
}

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] }));
afterEach(() => void jest.useRealTimers());

test('the socket is opened at the address, with its token and the subprotocol, and the state is told from the beginning', async () => {
  const { socket, states } = await served();
  expect(socket().url).toBe('wss://im.example/s/0/ws?token=a.b');
  expect(socket().protocols).toEqual(['flotilla.v1']);
  expect(socket().sent).toEqual([{ type: 'resume' }]);
  expect(states).toEqual([{ type: 'connecting' }, { type: 'connected', recovered: true }]);
});

test('messages reach handlers with everything known about them, and are acknowledged', async () => {
  const { connection, socket } = await served();
  const got: unknown[] = [];
  const stop = connection.on('message', (received) => got.push(received));
  socket().say({ type: 'message', position: `${A}.1`, id: 'm1', from: null, at: 5, channel: 'news', data: { a: 1 } });
  stop();
  socket().say(message(`${A}.1`));
  expect(got).toEqual([{ data: { a: 1 }, from: null, channel: 'news', position: `${A}.1`, id: 'm1', at: 5 }]);
  expect(connection.positions).toEqual({ inbox: `${A}.1`, channels: { news: `${A}.1` } });
  expect(socket().sent[1]).toEqual({ type: 'ack', channels: { news: `${A}.1` } });
});

test('every kind of request is written as its frame, with an id of its own, and resolved by its reply', async () => {
  const { connection, socket } = await served();
  const requests = [
    connection.send({ to: 'bob', data: { text: 'hi' } }),
    connection.send({ to: ['bob', 'carol'], data: 1, live: true }),
    connection.publish({ channel: 'news', data: null }),
    connection.upstream({ data: 'dial bob' }),
    connection.subscribe('news'),
    connection.unsubscribe('news'),
  ];
  const frames = socket().sent.slice(1);
  expect(frames).toMatchObject([
    { type: 'send', to: 'bob', data: { text: 'hi' } },
    { type: 'send', to: ['bob', 'carol'], data: 1, live: true },
    { type: 'publish', channel: 'news', data: null },
    { type: 'upstream', data: 'dial bob' },
    { type: 'subscribe', channel: 'news' },
    { type: 'unsubscribe', channel: 'news' },
  ]);
  const ids = frames.map((frame) => String(frame['id']));
  expect(new Set(ids).size).toBe(6);
  for (const re of ids) socket().say({ type: 'reply', re, ok: true, messageId: `m-${re}` });
  expect(await Promise.all(requests)).toEqual([
    { messageId: `m-${ids[0]}` },
    { messageId: `m-${ids[1]}` },
    { messageId: `m-${ids[2]}` },
    undefined,
    undefined,
    undefined,
  ]);
});

test('two connection objects never use the same request ids: a reloaded page must not be taken for the old one', async () => {
  const [one, two] = [await served(), await served()];
  for (const { connection } of [one, two]) connection.upstream({ data: 1 }).catch(() => undefined);
  expect(one.socket().sent[1]?.['id']).not.toBe(two.socket().sent[1]?.['id']);
});

test.each<[string, (connection: Connection) => Promise<unknown>]>([
  ['bad_client_id', (connection) => connection.send({ to: '', data: 1 })],
  ['bad_options', (connection) => connection.send({ to: [], data: 1 })],
  ['too_many_receivers', (connection) => connection.send({ to: new Array<string>(1_001).fill('b'), data: 1 })],
  ['bad_data', (connection) => connection.send({ to: 'bob', data: undefined })],
  ['data_too_large', (connection) => connection.publish({ channel: 'news', data: 'x'.repeat(65_536) })],
  ['reserved_channel', (connection) => connection.publish({ channel: '$broadcast', data: 1 })],
  ['bad_channel', (connection) => connection.subscribe('')],
  [
    'frame_too_large',
    (connection) =>
      connection.send({ to: Array.from({ length: 1_000 }, (_, i) => `${i}`.padStart(128)), data: 'x'.repeat(100) }),
  ],
])('a request that no shard would take rejects with %s and is not sent', async (code, request) => {
  const { connection, socket } = await served();
  await expect(request(connection)).rejects.toMatchObject({ name: 'FlotillaError', code });
  expect(socket().sent).toHaveLength(1);
});

test('data is taken as it is when the request is made', async () => {
  const { connection, socket } = await setup();
  const data = { text: 'first' };
  connection.upstream({ data }).catch(() => undefined);
  data.text = 'changed';
  socket().serve();
  expect(socket().sent[1]).toMatchObject({ data: { text: 'first' } });
});

test('a signal gives a request up: aborted, timeout, or before it began', async () => {
  const { connection, socket } = await setup();
  const controller = new AbortController();
  const request = connection.upstream({ data: 1, signal: controller.signal });
  controller.abort();
  await expect(request).rejects.toMatchObject({ code: 'aborted' });
  await expect(connection.upstream({ data: 1, signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' });
  const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
  await expect(connection.upstream({ data: 1, signal: late })).rejects.toMatchObject({ code: 'timeout' });
  socket().serve();
  expect(socket().sent).toHaveLength(1);
});

test('a handler that throws or rejects is told as an error and hinders neither the others nor the connection', async () => {
  const { connection, socket } = await served();
  const errors: FlotillaError[] = [];
  const got: unknown[] = [];
  connection.on('error', (error) => errors.push(error));
  connection.on('message', () => {
    throw new Error('in a handler');
  });
  connection.on('message', () => Promise.reject(new Error('in an async handler')));
  connection.on('message', ({ data }) => got.push(data));
  socket().say(message(`${A}.1`));
  await settle();
  expect(got).toEqual([`${A}.1`]);
  expect(errors).toMatchObject([
    { code: 'internal', cause: { message: 'in a handler' } },
    { code: 'internal', cause: { message: 'in an async handler' } },
  ]);
  expect(socket().sent[1]).toMatchObject({ type: 'ack' });
});

test('each attempt asks for an address of its own', async () => {
  const address = jest.fn<AddressSource>(() => Promise.resolve(ADDRESS));
  const { socket, sockets } = await served({ address });
  socket().happen('close', { code: 1006 });
  await jest.advanceTimersByTimeAsync(200);
  expect(address).toHaveBeenCalledTimes(2);
  expect(sockets).toHaveLength(2);
});

test.each<[string, AddressSource]>([
  ['rejects', () => Promise.reject(new Error('offline'))],
  [
    'throws',
    () => {
      throw new Error('offline');
    },
  ],
  ['gives nonsense', () => ({ url: 1 }) as never],
  ['gives nothing', () => undefined as never],
])('a backend that %s is a failed attempt', async (_, address) => {
  const { states, connection } = await setup({ address });
  expect(states.at(-1)).toMatchObject({ type: 'waiting', reason: 'address_failed' });
  await connection.close();
});

test('a backend may say how long to wait', async () => {
  const error = new FlotillaError('overloaded', 'later', { retryAfterMs: 60_000 });
  const { connection } = await setup({ address: () => Promise.reject(error) });
  expect((connection.state as { retryInMs: number }).retryInMs).toBeGreaterThanOrEqual(60_000);
  await connection.close();
});

test('a backend that hangs has its signal aborted after the timeout', async () => {
  let signal: AbortSignal | undefined;
  const address: AddressSource = (context) => {
    signal = context.signal;
    return new Promise(() => undefined);
  };
  const { states } = await setup({ address, addressTimeoutMs: 500 });
  await jest.advanceTimersByTimeAsync(500);
  expect(signal?.aborted).toBe(true);
  expect(states.at(-1)).toMatchObject({ type: 'waiting', reason: 'address_timeout' });
});

test('an address that the platform refuses is a failed attempt', async () => {
  const refusing = jest.fn(() => {
    throw new SyntaxError('invalid url');
  });
  const { states } = await setup({ WebSocket: refusing as unknown as WebSocketClass });
  expect(states.at(-1)).toMatchObject({ type: 'waiting', reason: 'bad_address' });
});

test('close() closes with 1000, rejects what has no answer, and resolves when the socket is closed', async () => {
  const { connection, socket } = await served();
  const request = connection.upstream({ data: 1 });
  const closing = connection.close();
  await expect(request).rejects.toMatchObject({ code: 'closed' });
  await closing;
  expect(socket().closing).toMatchObject({ code: 1000 });
  expect(connection.state).toEqual({ type: 'closed', code: 1000, reason: 'closed' });
  await connection.close();
  expect(jest.getTimerCount()).toBe(0);
});

test('close() before anything was done does nothing at all', async () => {
  const { sockets, WebSocket } = fakeWebSockets();
  const address = jest.fn<AddressSource>(() => ADDRESS);
  const connection = connect({ address, WebSocket });
  await connection.close();
  await settle();
  expect(sockets).toEqual([]);
  expect(address).not.toHaveBeenCalled();
});
