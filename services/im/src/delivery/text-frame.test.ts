import { describe, expect, it } from '@jest/globals';
import { pingFrame, textFrame } from './text-frame.ts';

describe('a text frame', () => {
  it.each([
    [0, 2],
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
  ])('of %d bytes has a header of %d', (length, header) => {
    const frame = textFrame('x'.repeat(length));
    expect(frame).toHaveLength(header + length);
    expect(frame[0]).toBe(0x81);
    expect(frame.subarray(header).toString()).toBe('x'.repeat(length));
  });

  it('says its length in network order', () => {
    expect([...textFrame('x'.repeat(300)).subarray(0, 4)]).toEqual([0x81, 126, 1, 44]);
    expect([...textFrame('x'.repeat(65_537)).subarray(0, 10)]).toEqual([0x81, 127, 0, 0, 0, 0, 0, 1, 0, 1]);
  });

  it('counts bytes, not characters', () => {
    expect([...textFrame('é')]).toEqual([0x81, 2, 0xc3, 0xa9]);
  });
});

describe('a ping frame', () => {
  it('carries its payload unmasked', () => {
    expect([...pingFrame('12')]).toEqual([0x89, 2, 49, 50]);
  });
});
