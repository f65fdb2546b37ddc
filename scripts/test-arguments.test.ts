import { expect, test } from '@jest/globals';
import { parseTestArguments } from './test-arguments.ts';

test('without a part everything runs', () => {
  expect(parseTestArguments([])).toEqual({
    parts: ['static', 'unit', 'simulation', 'packages', 'chart', 'integration', 'browser'],
    patterns: [],
  });
});

test('a part runs alone, on the files that match', () => {
  expect(parseTestArguments(['integration', 'drain', 'move'])).toEqual({
    parts: ['integration'],
    patterns: ['drain', 'move'],
  });
});

test('what is no part is answered with the usage', () => {
  expect(parseTestArguments(['units'])).toHaveProperty('usage');
  expect(parseTestArguments(['unit', '--watch'])).toHaveProperty('usage');
});
