import { describe, expect, it } from '@jest/globals';
import { Restraint } from './restraint.ts';

function setup() {
  const restraint = new Restraint();
  restraint.begin();
  const tick = (times: number, lateMs: number): number => {
    for (let i = 0; i < times; i++) restraint.tick(lateMs);
    return restraint.share;
  };
  return { restraint, tick };
}

describe('the restraint of moves', () => {
  it('lets them go at full speed some seconds after they began, where there is time', () => {
    const { restraint, tick } = setup();
    expect(restraint.share).toBeLessThan(1 / 16);
    expect(tick(160, 0)).toBe(1);
  });

  it('leaves what a busy machine has, however fast they were', () => {
    const { tick } = setup();
    tick(160, 0);
    expect(tick(20, 10)).toBeLessThan(1 / 16);
  });

  it('gives way at once to a herd, which makes its ticks very late', () => {
    const { tick } = setup();
    tick(160, 0);
    expect(tick(1, 30)).toBeLessThan(1 / 8);
    expect(tick(1, 5)).toBeGreaterThan(1 / 32);
  });

  it('gives way no further than a quarter once they have gone on for half a minute', () => {
    const { tick } = setup();
    expect(tick(200, 10)).toBeCloseTo(1 / 16);
    expect(tick(400, 10)).toBe(1 / 4);
    expect(tick(6_000, 10)).toBe(1 / 4);
  });

  it('begins slowly again with the next moves', () => {
    const { restraint, tick } = setup();
    tick(600, 10);
    restraint.begin();
    expect(tick(1, 10)).toBeLessThan(1 / 16);
  });
});
