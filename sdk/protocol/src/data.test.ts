import { expect, test } from '@jest/globals';
import { encodeData } from './data.ts';

const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;
const throwing = {
  toJSON() {
    throw new Error('no');
  },
};
const unwritable: [string, unknown][] = [
  ['undefined', undefined],
  ['a function', () => 1],
  ['a symbol', Symbol('s')],
  ['a BigInt', 1n],
  ['a cycle', cycle],
  ['what throws while it is written', throwing],
];

test.each([
  [null, 'null'],
  ['text', '"text"'],
  [{ a: [1] }, '{"a":[1]}'],
  ['\ud800', '"\\ud800"'],
])('%j is written as %s', (data, json) => {
  expect(encodeData(data)).toBe(json);
});

test.each(unwritable)('%s is bad_data', (_, data) => {
  expect(() => encodeData(data)).toThrow(expect.objectContaining({ code: 'bad_data' }));
});

test('the limit is 64 KiB of UTF-8 by default, quotes included', () => {
  expect(encodeData('x'.repeat(65_534))).toHaveLength(65_536);
  expect(() => encodeData('x'.repeat(65_535))).toThrow(
    expect.objectContaining({ code: 'data_too_large', retryable: false }),
  );
  expect(() => encodeData('😀'.repeat(16_384))).toThrow(expect.objectContaining({ code: 'data_too_large' }));
});
