import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fullBucket, takeToken } from './token-bucket.ts';

const rate = { perSecond: 10, burst: 3 };

describe('a token bucket', () => {
  it('gives its burst at once, then tells how long the next token takes', () => {
    const bucket = fullBucket();
    expect([1, 2, 3].map(() => takeToken(bucket, rate, 1_000))).toEqual([0, 0, 0]);
    expect(takeToken(bucket, rate, 1_000)).toBeCloseTo(100);
    expect(takeToken(bucket, rate, 1_060)).toBeCloseTo(40);
    expect(takeToken(bucket, rate, 1_100)).toBe(0);
  });

  it('fills up to its burst and no further', () => {
    const bucket = fullBucket();
    takeToken(bucket, rate, 0);
    const given = [1, 2, 3, 4, 5].filter(() => takeToken(bucket, rate, 60_000) === 0);
    expect(given).toHaveLength(3);
  });

  it('never gives more than burst and rate allow, whatever the arrivals', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 200 }), (gapsMs) => {
        const bucket = fullBucket();
        let nowMs = 0;
        let given = 0;
        for (const gapMs of gapsMs) {
          nowMs += gapMs;
          if (takeToken(bucket, rate, nowMs) === 0) given += 1;
        }
        expect(given).toBeLessThanOrEqual(rate.burst + (nowMs * rate.perSecond) / 1_000 + 1e-6);
      }),
    );
  });
});
