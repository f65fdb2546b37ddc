import { expect, test } from '@jest/globals';
import { ackInterval } from './ack-interval.ts';

test('what comes now and then is acknowledged at once, a stream ever more seldom', () => {
  expect(ackInterval(0, Infinity, 0.5)).toBe(500);
  expect(ackInterval(500, 1_000, 0.5)).toBe(500);
  expect(ackInterval(500, 500, 0.5)).toBe(1_000);
  expect(ackInterval(2_000, 3_999, 0.5)).toBe(4_000);
  expect(ackInterval(4_000, 4_000, 0.5)).toBe(4_000);
  expect(ackInterval(4_000, 8_000, 0.5)).toBe(500);
});

test('intervals are spread by a quarter', () => {
  expect(ackInterval(0, Infinity, 0)).toBe(375);
  expect(ackInterval(4_000, 4_000, 0.999)).toBeCloseTo(5_000, -1);
});
