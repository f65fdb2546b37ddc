import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFlotillaError } from '../errors.ts';
import { encodeDeliveryFrame, encodeServerFrame } from './encode-frames.ts';
import { parseServerFrame } from './parse-server-frame.ts';
import type { ServerFrame, WelcomeFrame } from './server-frames.ts';

const position = '9f2c41d07a3e.57';
const welcome: WelcomeFrame = {
  type: 'welcome',
  clientId: 'alice',
  connection: 'c1',
  shard: 0,
  epoch: 3,
  inbox: { position, recovered: true },
  channels: { news: { position: '0.0', recovered: false } },
  heartbeatMs: 15_000,
  heartbeatTimeoutMs: 20_000,
};
const frames: ServerFrame[] = [
  welcome,
  { type: 'message', position, id: 'm1', from: null, at: 1, data: { a: 1 } },
  { type: 'message', position, id: 'm1', from: 'bob', at: 1, channel: 'news', data: null },
  { type: 'live', id: 'm1', from: 'bob', data: true },
  { type: 'gap', position },
  { type: 'joined', channel: 'news', position },
  { type: 'left', channel: 'news' },
  { type: 'moved', url: 'ws://a/s/1/ws', token: 't', epoch: 4 },
  { type: 'reply', re: '1', ok: true, messageId: 'm1' },
  { type: 'reply', re: '1', ok: false, code: 'busy', message: 'full', retryAfterMs: 5 },
  { type: 'error', code: 'bad_frame', message: 'no' },
  { type: 'pong' },
  { type: 'bye', code: 1013, reason: 'overloaded', retryAfterMs: 5 },
];

test.each(frames)('$type is read as it was written', (frame) => {
  expect(parseServerFrame(encodeServerFrame(frame))).toEqual(frame);
});

test('a type of a newer pod is no error', () => {
  expect(parseServerFrame('{"type":"weather","x":1}')).toBeNull();
  expect(parseServerFrame('{"type":"constructor"}')).toBeNull();
});

test('every required field is checked: without one of them a frame is bad_frame', () => {
  const optional = new Set(['channel', 'messageId', 'code', 'message', 'retryAfterMs']);
  for (const frame of frames) {
    for (const field of Object.keys(frame)) {
      if (
        frame.type !== 'error' &&
        frame.type !== 'bye' &&
        frame.type !== 'joined' &&
        frame.type !== 'left' &&
        optional.has(field)
      )
        continue;
      if (frame.type === 'bye' && field === 'retryAfterMs') continue;
      const text = JSON.stringify({ ...frame, [field]: undefined });
      expect(() => parseServerFrame(text)).toThrow(expect.objectContaining({ code: 'bad_frame' }));
    }
  }
});

test.each(['', '{', '[]', 'null', '{}', '{"type":7}', undefined, 5])('%j is bad_frame', (text) => {
  expect(() => parseServerFrame(text)).toThrow(expect.objectContaining({ code: 'bad_frame' }));
});

test('data that is JSON already is put into a frame as it is', () => {
  const text = encodeDeliveryFrame(
    { type: 'message', position, id: 'm1', from: null, at: 1 },
    '{"big":12345678901234567890}',
  );
  expect(text).toBe(
    `{"type":"message","position":"${position}","id":"m1","from":null,"at":1,"data":{"big":12345678901234567890}}`,
  );
  expect(parseServerFrame(text)).toMatchObject({ type: 'message', id: 'm1' });
});

test('the parser throws nothing but FlotillaError, whatever it gets', () => {
  const shape = fc.record({
    type: fc.constantFrom(...frames.map((frame) => frame.type)),
    position: fc.anything(),
    channels: fc.anything(),
    inbox: fc.anything(),
    from: fc.anything(),
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        fc.json(),
        shape.map((value) => fc.stringify(value)),
      ),
      (value) => {
        try {
          parseServerFrame(value);
        } catch (error) {
          expect(isFlotillaError(error)).toBe(true);
        }
      },
    ),
    { numRuns: 500 },
  );
});
