import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatPosition, LOG_START, parsePosition, samePosition } from './position.ts';

test('a position is written and read back', () => {
  const positions = fc.record({
    generation: fc.stringMatching(/^[0-9a-f]{12}$/),
    offset: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  });
  fc.assert(
    fc.property(positions, (position) => {
      const read = parsePosition(formatPosition(position));
      return read !== null && samePosition(read, position);
    }),
  );
  expect(parsePosition('0.0')).toEqual(LOG_START);
});

test.each([
  '',
  '0',
  '0.',
  '.1',
  '0.-1',
  '0.01',
  '0.1.2',
  'G00000000000.1',
  '9F2C41D07A3E.1',
  '0.9007199254740992',
  5,
  null,
  {},
])('%j is no position', (value) => {
  expect(parsePosition(value)).toBeNull();
});
