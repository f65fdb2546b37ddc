import { expect, test } from '@jest/globals';
import { ackInterval } from './ack-interval.ts';

test('what comes now and then is acknowledged at once, a stream ever more seldom', () => {
  expect(ackInterval(0, Infinity)).toBe(500);
  expect(ackInterval(500, 1_000)).toBe(500);
  expect(ackInterval(500, 500)).toBe(1_000);
  expect(ackInterval(2_000, 3_999)).toBe(4_000);
  expect(ackInterval(4_000, 4_000)).toBe(4_000);
  expect(ackInterval(4_000, 8_000)).toBe(500);
});
