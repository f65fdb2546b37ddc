import { describe, expect, it } from '@jest/globals';
import { parseMark } from './mark.ts';

describe('the mark in a pong', () => {
  it.each([
    ['0', 0],
    ['17', 17],
    ['', null],
    ['17a', null],
    ['-1', null],
    ['1234567890123456', null],
  ])('%j is %j', (payload, mark) => {
    expect(parseMark(Buffer.from(payload))).toBe(mark);
  });
});
