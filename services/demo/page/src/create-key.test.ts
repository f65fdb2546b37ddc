import { afterEach, expect, it } from '@jest/globals';
import { CALL_KEY } from '../../src/calls/call-id.ts';
import { createKey } from './create-key.ts';

const { random } = Math;
const { now } = Date;
afterEach(() => {
  Math.random = random;
  Date.now = now;
});

it('is made by chance that nobody can foretell, 16 bytes of it', () => {
  Math.random = () => 0.5;
  Date.now = () => 0;
  const keys = Array.from({ length: 100 }, createKey);
  expect(new Set(keys).size).toBe(100);
  for (const key of keys) expect(key).toMatch(new RegExp(CALL_KEY, 'u'));
  // Each of the 16 takes several values.
  for (let at = 0; at < 32; at += 2) expect(new Set(keys.map((key) => key.slice(at, at + 2))).size).toBeGreaterThan(10);
});
