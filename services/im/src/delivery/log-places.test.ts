import { describe, expect, it } from '@jest/globals';
import { isFurther, isPlace, lastCommon, type LogExtent } from './log-places.ts';

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

  it.each([
    ['all of the generation that is left', log.generations, b(8), [log.generations[0]!], 5, a(5)],
    ['what is left of it', log.generations, b(8), [log.generations[0]!], 3, a(3)],
    ['what it had come to', [log.generations[0]!], a(4), log.generations, 8, a(4)],
    ['nothing, where none is left', [log.generations[1]!], b(8), [log.generations[0]!], 5, a(2)],
    ['nothing that is gone from the beginning', log.generations, b(8), [log.generations[0]!], 1, a(2)],
  ])('have %s in common with what was before a loss', (_, generations, line, left, last, expected) => {
    const meta = { generations: left, last, head: 3, life: log.life };
    expect(lastCommon(meta, generations, line, a(2))).toEqual(expected);
  });
});
