import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Pacer } from './pacer.ts';

test('who asks when told to always gets one, and never more than burst and rate allow', () => {
  const rates = fc.integer({ min: 1, max: 1_000 });
  fc.assert(
    fc.property(rates, rates, fc.double({ min: 0, max: 1e9, noNaN: true }), (perSecond, burst, start) => {
      const pacer = new Pacer(start, perSecond, burst);
      expect(pacer.allowed(start)).toBe(burst);
      pacer.spend(burst);
      let now = start;
      for (let i = 0; i < 20; i++) {
        now = pacer.nextAt;
        expect(pacer.allowed(now)).toBe(1);
        pacer.spend(1);
      }
      expect(now - start).toBeCloseTo(20_000 / perSecond, 1);
    }),
  );
});
