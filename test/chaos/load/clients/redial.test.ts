import { describe, expect, it } from '@jest/globals';
import { waitAfter } from './redial.ts';

describe('the wait before a client comes back', () => {
  it('is none at best, whatever failed before', () => {
    expect(waitAfter(9, 0)).toBe(0);
  });

  it('doubles with each failure up to two seconds', () => {
    expect([0, 1, 2, 3, 4, 60].map((failures) => waitAfter(failures, 1))).toEqual([
      250, 500, 1_000, 2_000, 2_000, 2_000,
    ]);
  });
});
