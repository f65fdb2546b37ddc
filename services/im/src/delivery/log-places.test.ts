import { describe, expect, it } from '@jest/globals';
import { isFurther, isPlace, type LogExtent } from './log-places.ts';

const log: LogExtent = {
  generations: [
    { generation: 'aaaaaaaaaaaa', first: 1 },
    { generation: 'bbbbbbbbbbbb', first: 6 },
  ],
  last: 8,
  life: 'cccccccccccc',
};
const a = (offset: number) => ({ generation: 'aaaaaaaaaaaa', offset });
const b = (offset: number) => ({ generation: 'bbbbbbbbbbbb', offset });

describe('places of a log', () => {
  it.each([
    [a(5), true],
    [a(6), false],
    [b(8), true],
    [b(9), false],
    [{ generation: '0', offset: 0 }, true],
    [{ generation: '0', offset: 1 }, false],
    [{ generation: 'cccccccccccc', offset: 1 }, false],
  ])('%j is one: %s', (position, expected) => {
    expect(isPlace(log, position)).toBe(expected);
  });

  it('are further by offset within a generation, and by what they reach across', () => {
    expect(isFurther(log, a(4), a(3))).toBe(true);
    expect(isFurther(log, b(6), a(5))).toBe(true);
    expect(isFurther(log, a(5), b(6))).toBe(false);
    // What a lost end gave out reaches no further than what is left of it.
    expect(isFurther(log, a(7), b(6))).toBe(false);
  });
});
