import { expect, test } from '@jest/globals';
import { compileOptions, type ConnectOptions } from './options.ts';
import { fakeWebSockets } from '../test/fake-web-socket.ts';

const setup = (changes: Record<string, unknown> = {}): ConnectOptions => ({
  address: () => null,
  WebSocket: fakeWebSockets().WebSocket,
  ...changes,
});

test('everything has a default but the address', () => {
  expect(compileOptions(setup())).toMatchObject({
    resume: {},
    outboxLimit: 1_000,
    requestsPerSecond: 80,
    requestBurst: 100,
    dataLimitBytes: 65_536,
    backoffBaseMs: 200,
    backoffCapMs: 20_000,
    addressTimeoutMs: 10_000,
    connectTimeoutMs: 10_000,
  });
  expect(compileOptions(setup({ outboxLimit: 5, backoffBaseMs: undefined }))).toMatchObject({
    outboxLimit: 5,
    backoffBaseMs: 200,
  });
});

test.each<[string, Record<string, unknown>]>([
  ['bad_options', { address: '/address' }],
  ['bad_options', { WebSocket: 'ws' }],
  ['bad_options', { outboxLimit: 0 }],
  ['bad_options', { backoffCapMs: '20s' }],
  ['bad_options', { connectTimeoutMs: Number.POSITIVE_INFINITY }],
  ['bad_options', { adress: 1 }],
  ['bad_position', { resume: { inbox: '7' } }],
  ['bad_position', { resume: { channels: { news: 'x' } } }],
  ['bad_position', { resume: { channels: { '': '0.0' } } }],
])('%s: %j', (code, changes) => {
  expect(() => compileOptions(setup(changes))).toThrow(expect.objectContaining({ code }));
});
