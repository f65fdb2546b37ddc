import { describe, expect, it } from '@jest/globals';
import { parseRange } from './byte-range.ts';

describe('a range of a file of 10 bytes', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=2-5', { start: 2, end: 5 }],
    ['bytes=2-', { start: 2, end: 9 }],
    ['bytes=9-99', { start: 9, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-99', { start: 0, end: 9 }],
  ])('%s is within it', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });

  it.each(['bytes=10-', 'bytes=10-11', 'bytes=-0'])('%s is beyond it', (header) => {
    expect(parseRange(header, 10)).toBe('beyond');
  });

  it.each([
    null,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-2',
    'bytes=0-1,4-5',
    'bytes=a-b',
    'lines=0-1',
    'bytes=1e3-',
    `bytes=${'9'.repeat(40)}-`,
  ])('%j asks for all of it', (header) => {
    expect(parseRange(header, 10)).toBeNull();
  });
});
