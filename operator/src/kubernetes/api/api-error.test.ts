import { describe, expect, test } from '@jest/globals';
import { apiError, failureOf } from './api-error.ts';

describe('a failed call', () => {
  test('is told by its status and what the server says, without headers', () => {
    const body = JSON.stringify({ kind: 'Status', message: 'pods is forbidden' });
    const answered = Object.assign(new Error('HTTP-Code: 403 … Authorization: Bearer secret'), {
      code: 403,
      headers: {},
      body,
    });
    expect(failureOf(answered)).toMatchObject({ status: 403, text: 'API server: 403 pods is forbidden' });
  });

  test('says how long to wait where the server does', () => {
    expect(failureOf(apiError('GET /pods', 429, { 'retry-after': '3' }, null))).toMatchObject({ retryAfterMs: 3_000 });
    expect(failureOf(apiError('GET /pods', 429, {}, 'busy'))).toMatchObject({
      retryAfterMs: null,
      text: 'GET /pods: 429',
    });
  });

  test('without an answer is told by the code of its cause', () => {
    const refused = new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    expect(failureOf(refused)).toMatchObject({ status: null, text: 'API server could not be reached (ECONNREFUSED)' });
    expect(failureOf(new DOMException('x', 'TimeoutError')).text).toBe('API server did not answer in time');
  });

  test('that is no call at all is told in its own words', () => {
    expect(failureOf(new Error('there is no StatefulSet')).text).toBe('there is no StatefulSet');
  });
});
