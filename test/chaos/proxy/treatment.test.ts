import { describe, expect, test } from '@jest/globals';
import type { Behaviour } from './link.ts';
import { createTreatment } from './treatment.ts';

/** Chance that says these numbers, one after the other, then 1. */
function saying(...numbers: number[]): () => number {
  return () => numbers.shift() ?? 1;
}

const treat = (behaviour: Behaviour, random: () => number = saying()) =>
  createTreatment(behaviour, 'to-client', random);

describe('when bytes arrive', () => {
  test('with a delay: so much later, and jitter upon it', () => {
    const { dueMs } = treat({ type: 'delay', ms: 50, jitterMs: 10 }, saying(0, 0.5));
    expect([dueMs(1, 100), dueMs(1, 100)]).toEqual([150, 155]);
  });

  test('with loss: 200 ms later, doubled each time it is lost again', () => {
    const { dueMs } = treat({ type: 'loss', chance: 0.5 }, saying(0.9, 0.1, 0.9, 0.1, 0.1, 0.1, 0.9));
    expect([dueMs(1, 0), dueMs(1, 0), dueMs(1, 0)]).toEqual([0, 200, 1_400]);
  });

  test('where everything is lost: at last', () => {
    expect(treat({ type: 'loss', chance: 1 }, () => 0).dueMs(1, 0)).toBe(204_600);
  });

  test('through a throttle: one after the other, as many a second', () => {
    const { dueMs, pieceBytes } = treat({ type: 'throttle', bytesPerSecond: 1_000 });
    expect([dueMs(100, 0), dueMs(100, 0), dueMs(100, 5_000)]).toEqual([100, 200, 5_100]);
    expect(pieceBytes).toBe(20);
  });

  test('in a partition and towards the silent end: never', () => {
    expect(treat({ type: 'partition' }).dueMs(1, 0)).toBe(Infinity);
    expect(treat({ type: 'half-open', silent: 'to-client' }).dueMs(1, 0)).toBe(Infinity);
    expect(treat({ type: 'half-open', silent: 'to-server' }).isStraight).toBe(true);
  });

  test.each(['pass', 'refuse'] as const)('with %s: at once', (type) => {
    expect(treat({ type }).isStraight).toBe(true);
  });
});
