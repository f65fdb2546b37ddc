import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { afterClose, formatCloseReason, parseCloseReason } from './close-reason.ts';
import { type CloseCode, closeCodeOf, DISCONNECTS } from './disconnects.ts';
import { type ErrorCode, ERRORS, FlotillaError } from './errors.ts';
import { utf8Bytes } from './hash.ts';

test('the range of a close code says what a client does after it', () => {
  for (const [code, row] of Object.entries(DISCONNECTS)) expect(afterClose(Number(code))).toBe(row.then);
  expect([afterClose(4599), afterClose(4499), afterClose(1006), afterClose(3000), afterClose(4600)]).toEqual([
    'end',
    'again',
    'again',
    'again',
    'again',
  ]);
});

test('an error that a client should come back from never ends it by its close code', () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const error = new FlotillaError(code);
    const close: CloseCode = closeCodeOf(error);
    expect(Object.hasOwn(DISCONNECTS, close)).toBe(true);
    if (error.retryable) expect(afterClose(close)).toBe('again');
  }
});

test('a close reason says the code, a sentence and the wait, and is read back', () => {
  const text = formatCloseReason({ reason: 'overloaded', sentence: 'too many arrivals', retryAfterMs: 1_499.2 });
  expect(text).toBe('overloaded: too many arrivals retry-after-ms=1500');
  expect(parseCloseReason(text)).toEqual({ reason: 'overloaded', sentence: 'too many arrivals', retryAfterMs: 1_500 });
});

test('a close reason never takes more than 123 bytes and never loses its wait', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(), (sentence, retryAfterMs) => {
      const text = formatCloseReason({ reason: 'overloaded', sentence, retryAfterMs });
      expect(utf8Bytes(text)).toBeLessThanOrEqual(123);
      expect(text.isWellFormed()).toBe(true);
      if (retryAfterMs < 1e9) expect(parseCloseReason(text)).toMatchObject({ reason: 'overloaded', retryAfterMs });
    }),
  );
});

test('any text is a close reason', () => {
  expect(parseCloseReason('')).toEqual({ reason: '' });
  expect(parseCloseReason('signed in: elsewhere')).toEqual({ reason: 'signed in: elsewhere' });
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof parseCloseReason(text).reason === 'string'));
});
