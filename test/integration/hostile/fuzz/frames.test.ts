import { describe, expect, it } from '@jest/globals';
import {
  type ClientFrame,
  encodeClientFrame,
  encodeServerFrame,
  LIMITS,
  parseClientFrame,
  parseServerFrame,
  type ServerFrame,
} from '@flotilla-im/protocol';
import fc from 'fast-check';
import { DEEP, hostile, name } from './hostile-texts.ts';
import { durationOf, judged } from './judged.ts';

const id = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 });
const data = fc.jsonValue();
const position = fc
  .tuple(fc.stringMatching(/^[0-9a-f]{12}$/), fc.maxSafeNat())
  .map(([generation, offset]) => `${generation}.${offset}`);
const channels = fc.dictionary(name, position, { maxKeys: 4, noNullPrototype: false });
const placed = fc.record({ inbox: position, channels }, { requiredKeys: [] });

const clientFrame = fc.oneof(
  placed.map((fields) => ({ type: 'resume', ...fields })),
  placed.map((fields) => ({ type: 'ack', ...fields })),
  fc.constant({ type: 'ping' }),
  fc.record({ type: fc.constant('send'), id, to: fc.array(name, { minLength: 1, maxLength: 4 }), data }),
  fc.record({ type: fc.constant('publish'), id, channel: name, data, live: fc.boolean() }),
  fc.record({ type: fc.constant('upstream'), id, data }),
  fc.record({ type: fc.constantFrom('subscribe', 'unsubscribe'), id, channel: name }),
) as fc.Arbitrary<ClientFrame>;

const resumed = fc.record({ position, recovered: fc.boolean() });
const wait = fc.nat();
const serverFrame = fc.oneof(
  fc.record({
    type: fc.constant('welcome'),
    clientId: name,
    connection: id,
    shard: wait,
    epoch: wait,
    inbox: resumed,
    channels: fc.dictionary(name, resumed, { maxKeys: 3, noNullPrototype: false }),
    heartbeatMs: wait,
    heartbeatTimeoutMs: wait,
  }),
  fc.record({ type: fc.constant('message'), position, id, from: fc.option(name), at: wait, channel: name, data }),
  fc.record({ type: fc.constant('live'), id, from: fc.option(name), data }),
  fc.record({ type: fc.constant('moved'), url: fc.webUrl(), token: id, epoch: wait }),
  fc.record({ type: fc.constant('reply'), re: id, ok: fc.boolean(), code: id, retryAfterMs: wait }),
  fc.record({ type: fc.constant('bye'), code: wait, reason: id, retryAfterMs: wait }),
) as fc.Arbitrary<ServerFrame>;

const CLIENT_CODES = [
  'bad_frame',
  'bad_position',
  'bad_channel',
  'reserved_channel',
  'bad_client_id',
  'bad_data',
  'data_too_large',
  'frame_too_large',
  'too_many_receivers',
];

describe('frames of a client', () => {
  it('are read as they were written, whatever names and data they hold', () => {
    fc.assert(
      fc.property(clientFrame, (frame) => {
        expect(JSON.stringify(parseClientFrame(encodeClientFrame(frame)))).toBe(JSON.stringify(frame));
      }),
      { numRuns: 150 },
    );
  });

  it('that are damaged end in a documented error or in a frame that is whole', () => {
    fc.assert(
      fc.property(hostile(clientFrame.map(encodeClientFrame)), (text) => {
        const outcome = judged(() => parseClientFrame(text));
        if ('code' in outcome) expect(CLIENT_CODES).toContain(outcome.code);
        else expect(judged(() => parseClientFrame(encodeClientFrame(outcome.value)))).toEqual(outcome);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['nothing but brackets', DEEP],
    ['data deeper than the stack', `{"type":"upstream","id":"1","data":${DEEP}}`],
    ['a name of 100,000 letters', `{"type":"subscribe","id":"1","channel":"${'é'.repeat(50_000)}"}`],
    ['50,000 fields', `{"type":"ping",${Array.from({ length: 12_000 }, (_, i) => `"${i}":0`).join(',')}}`],
    ['a number of 100,000 digits', `{"type":"upstream","id":"1","data":${'9'.repeat(100_000)}}`],
    ['an offset without end', `{"type":"ack","inbox":"9f2c41d07a3e.${'9'.repeat(100_000)}"}`],
    ['channels without end', `{"type":"ack","channels":{${'"a":"0.0",'.repeat(11_000)}"b":"0.0"}}`],
    ['more than a frame may have', 'x'.repeat(LIMITS.frameBytes * 10)],
  ])('of %s are judged within 200 ms', (_what, text) => {
    expect(durationOf(() => judged(() => parseClientFrame(text)))).toBeLessThan(200);
  });
});

describe('frames of a shard', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(serverFrame, (frame) => {
        expect(JSON.stringify(parseServerFrame(encodeServerFrame(frame)))).toBe(JSON.stringify(frame));
      }),
      { numRuns: 150 },
    );
  });

  it('that are damaged end in bad_frame, in nothing or in a frame that is whole', () => {
    fc.assert(
      fc.property(hostile(serverFrame.map(encodeServerFrame)), (text) => {
        const outcome = judged(() => parseServerFrame(text));
        if ('code' in outcome) expect(outcome.code).toBe('bad_frame');
        else if (outcome.value !== null)
          expect(judged(() => parseServerFrame(JSON.stringify(outcome.value)))).toEqual(outcome);
      }),
      { numRuns: 500 },
    );
  });
});
