import { expect, it } from '@jest/globals';
import { compileLogLimits, DEFAULT_LOG_LIMITS } from './log-limits.ts';

it('limits of logs have defaults, and are refused when they are no positive integers', () => {
  expect(compileLogLimits({ maxCount: 5 })).toEqual({ ...DEFAULT_LOG_LIMITS, maxCount: 5 });
  for (const wrong of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => compileLogLimits({ maxBytes: wrong })).toThrow(expect.objectContaining({ code: 'bad_options' }));
  }
});
