import { describe, expect, it } from '@jest/globals';
import { ReadPlace } from './read-place.ts';

const place = (offset: number) => ({ position: `g.${offset}`, at: 1_000 + offset });

describe('how far somebody has read', () => {
  it('covers what comes before the last message that was read', () => {
    const read = new ReadPlace();
    expect(read.covers(place(1))).toBe(false);
    expect(read.told('m3', place(3))).toBe(true);
    expect([2, 3, 4].map((offset) => read.covers(place(offset)))).toEqual([true, true, false]);
  });

  it('never goes back', () => {
    const read = new ReadPlace();
    read.told('m3', place(3));
    expect(read.told('m2', place(2))).toBe(false);
    expect(read.place).toEqual(place(3));
  });

  it('waits for a message that is loaded later', () => {
    const read = new ReadPlace();
    expect(read.told('m2', null)).toBe(false);
    expect(read.placed('m1', place(1))).toBe(false);
    expect(read.placed('m2', place(2))).toBe(true);
    expect(read.covers(place(1))).toBe(true);
  });
});
