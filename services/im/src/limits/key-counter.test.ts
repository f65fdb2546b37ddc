import { describe, expect, it } from '@jest/globals';
import { createKeyCounter } from './key-counter.ts';

describe('a counter by key', () => {
  it('takes up to the limit of each key and gives back', () => {
    const counter = createKeyCounter(2);
    expect([counter.take('a'), counter.take('a'), counter.take('a'), counter.take('b')]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    counter.release('a');
    expect(counter.held('a')).toBe(1);
    expect(counter.take('a')).toBe(true);
  });

  it('is not taken below nothing', () => {
    const counter = createKeyCounter(1);
    counter.release('a');
    counter.release('a');
    expect([counter.take('a'), counter.take('a')]).toEqual([true, false]);
  });
});
