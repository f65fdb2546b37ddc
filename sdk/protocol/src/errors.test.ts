import { expect, test } from '@jest/globals';
import { ERROR_MEANINGS } from './error-meanings.ts';
import { type ErrorCode, ERRORS, FlotillaError, isErrorCode, isFlotillaError, retryPolicyOf } from './errors.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];

test('every code has a number of its own and a meaning', () => {
  expect(new Set(codes.map((code) => ERRORS[code].number)).size).toBe(codes.length);
  expect(Object.keys(ERROR_MEANINGS).sort()).toEqual([...codes].sort());
});

test("a number's hundreds are the retry policy, and the error says whether a retry helps", () => {
  expect(retryPolicyOf('bad_client_id')).toBe('never');
  expect(retryPolicyOf('busy')).toBe('later');
  expect(retryPolicyOf('wrong_shard')).toBe('refresh');
  for (const code of codes) {
    expect(ERRORS[code].number).toBeGreaterThanOrEqual(100);
    expect(ERRORS[code].number).toBeLessThan(400);
    expect(new FlotillaError(code).retryable).toBe(ERRORS[code].number >= 200);
  }
});

test('an error carries its code, text, wait, details and cause', () => {
  const cause = new Error('socket');
  const error = new FlotillaError('busy', 'the queue is full', { retryAfterMs: 50, details: { stream: 3 }, cause });
  expect(error).toMatchObject({
    code: 'busy',
    message: 'the queue is full',
    retryAfterMs: 50,
    details: { stream: 3 },
    cause,
  });
  expect(Object.hasOwn(new FlotillaError('busy'), 'retryAfterMs')).toBe(false);
});

test('an error of another copy of the package is recognised, other errors are not', () => {
  const foreign = Object.assign(new Error('x'), { name: 'FlotillaError', code: 'busy' });
  expect([new FlotillaError('busy'), foreign, new Error('x'), 'busy', null].map(isFlotillaError)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('names of Object.prototype are no codes', () => {
  expect([isErrorCode('busy'), isErrorCode('toString'), isErrorCode(1)]).toEqual([true, false, false]);
});
