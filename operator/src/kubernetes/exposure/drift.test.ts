import { describe, expect, test } from '@jest/globals';
import { saidOf, says } from './drift.ts';

describe('whether an object says what it is to say', () => {
  const desired = { selector: { pod: 'a' }, ports: [{ port: 80 }] };

  test('defaults and fields of others do not matter', () => {
    const actual = { selector: { pod: 'a' }, ports: [{ port: 80, protocol: 'TCP' }], clusterIP: '10.0.0.1' };
    expect(says(actual, desired)).toBe(true);
  });

  test('another value, a missing field, an entry too many do', () => {
    expect(says({ ...desired, selector: { pod: 'b' } }, desired)).toBe(false);
    expect(says({ ports: desired.ports }, desired)).toBe(false);
    expect(says({ ...desired, ports: [{ port: 80 }, { port: 81 }] }, desired)).toBe(false);
  });

  test('what it says of that is the same text until it changes', () => {
    const extended = { ...desired, ports: [{ port: 80 }, { port: 81 }], other: 1 };
    expect(saidOf(extended, desired)).toBe(saidOf({ ...extended, other: 2 }, desired));
    expect(saidOf(extended, desired)).not.toBe(saidOf(desired, desired));
  });
});
