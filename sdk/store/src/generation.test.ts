import { describe, expect, it } from '@jest/globals';
import { createGeneration, masterOf } from './generation.ts';

describe('a generation', () => {
  it('has twelve digits, whenever its log was born', () => {
    for (const bornMs of [0, 1, 999_999, 1_000_000, 1_767_225_599_999]) {
      expect(createGeneration('9f2c41', bornMs)).toMatch(/^9f2c41[0-9a-f]{6}$/);
    }
  });

  it('differs between two births on one master, which all the same is recognised', () => {
    const [before, after] = [createGeneration('9f2c41', 1_000), createGeneration('9f2c41', 1_001)];
    expect(before).not.toBe(after);
    expect(masterOf(before)).toBe(masterOf(after));
    expect(masterOf(createGeneration('aaaaaa', 1_000))).not.toBe(masterOf(before));
  });
});
