import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFlotillaError } from '../errors.ts';
import { encodeClientFrame } from './encode-frames.ts';
import type { ClientFrame } from './client-frames.ts';
import { parseClientFrame } from './parse-client-frame.ts';

const frames: ClientFrame[] = [
  { type: 'resume' },
  { type: 'resume', inbox: '9f2c41d07a3e.57', channels: { news: '0.0', $broadcast: '9f2c41d07a3e.1' } },
  { type: 'ack', channels: { news: '9f2c41d07a3e.2' } },
  { type: 'ping' },
  { type: 'send', id: '1', to: 'bob', data: null },
  { type: 'send', id: '1', to: ['bob', 'carol'], data: { a: 1 }, live: true },
  { type: 'publish', id: '1', channel: 'news', data: 'x', live: false },
  { type: 'upstream', id: '1', data: 'anything' },
  { type: 'subscribe', id: '1', channel: 'news' },
  { type: 'unsubscribe', id: '1', channel: 'news' },
];

const refused = (value: unknown): { code: string; id?: unknown } => {
  try {
    parseClientFrame(typeof value === 'string' ? value : JSON.stringify(value));
  } catch (error) {
    if (!isFlotillaError(error)) throw error;
    return { code: error.code, ...(error.details ? { id: error.details['id'] } : {}) };
  }
  return { code: 'accepted' };
};

test.each(frames)('$type is read as it was written', (frame) => {
  expect(parseClientFrame(encodeClientFrame(frame))).toEqual(frame);
});

test('fields that are not known are left out', () => {
  expect(parseClientFrame('{"type":"ping","later":1}')).toEqual({ type: 'ping' });
});

test.each<[string, unknown]>([
  ['bad_frame', ''],
  ['bad_frame', '{"type":'],
  ['bad_frame', '[]'],
  ['bad_frame', 'null'],
  ['bad_frame', {}],
  ['bad_frame', { type: 'toString' }],
  ['bad_frame', { type: ['ping'] }],
  ['bad_frame', { type: 'subscribe', channel: 'news' }],
  ['bad_frame', { type: 'subscribe', id: '', channel: 'news' }],
  ['bad_frame', { type: 'subscribe', id: 'x'.repeat(65), channel: 'news' }],
  ['bad_frame', { type: 'resume', channels: [] }],
  ['bad_position', { type: 'resume', inbox: 7 }],
  ['bad_position', { type: 'ack', channels: { news: '1' } }],
  ['bad_channel', { type: 'ack', channels: { '': '0.0' } }],
])('without an id it is answered %s: %j', (code, value) => {
  expect(refused(value)).toEqual({ code });
});

test.each<[string, Record<string, unknown>]>([
  ['bad_client_id', { type: 'send', to: '', data: 1 }],
  ['bad_client_id', { type: 'send', to: ['bob', 5], data: 1 }],
  ['bad_client_id', { type: 'send', data: 1 }],
  ['bad_frame', { type: 'send', to: [], data: 1 }],
  ['too_many_receivers', { type: 'send', to: new Array<string>(1_001).fill('bob'), data: 1 }],
  ['bad_data', { type: 'send', to: 'bob' }],
  ['bad_frame', { type: 'send', to: 'bob', data: 1, live: 'yes' }],
  ['data_too_large', { type: 'upstream', data: 'x'.repeat(65_535) }],
  ['bad_channel', { type: 'publish', channel: 'x'.repeat(129), data: 1 }],
  ['reserved_channel', { type: 'publish', channel: '$broadcast', data: 1 }],
])('with a readable id the error names it: %s', (code, value) => {
  expect(refused({ ...value, id: 'r1' })).toEqual({ code, id: 'r1' });
});

test('a frame over the limit is not even parsed', () => {
  expect(refused('x'.repeat(131_073))).toEqual({ code: 'frame_too_large' });
});

test('a binary frame is bad_frame', () => {
  expect(() => parseClientFrame(new Uint8Array(1))).toThrow(expect.objectContaining({ code: 'bad_frame' }));
});

test('channels may be called like members of an object', () => {
  const frame = parseClientFrame('{"type":"resume","channels":{"__proto__":"0.1","constructor":"0.2"}}');
  expect(frame.type === 'resume' && Object.entries(frame.channels ?? {})).toEqual([
    ['__proto__', '0.1'],
    ['constructor', '0.2'],
  ]);
  const empty = parseClientFrame('{"type":"resume","channels":{}}');
  expect(empty.type === 'resume' && empty.channels?.['constructor']).toBeUndefined();
});

test('the parser throws nothing but FlotillaError, whatever it gets', () => {
  const types = fc.constantFrom(
    'resume',
    'ack',
    'ping',
    'send',
    'publish',
    'upstream',
    'subscribe',
    'unsubscribe',
    'x',
  );
  const shape = fc.record(
    {
      type: types,
      id: fc.anything(),
      to: fc.anything(),
      data: fc.anything(),
      inbox: fc.anything(),
      channels: fc.anything(),
      channel: fc.anything(),
      live: fc.anything(),
    },
    { requiredKeys: ['type'] },
  );
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    shape.map((value) => fc.stringify(value)),
    shape.map((value) => safeJson(value)),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(refused(text).code).toBeDefined();
    }),
    { numRuns: 500 },
  );
});

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}
