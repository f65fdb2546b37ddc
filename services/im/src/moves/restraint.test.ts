import { describe, expect, it } from '@jest/globals';
import { Restraint } from './restraint.ts';

function setup() {
  const restraint = new Restraint();
  restraint.begin();
  const tick = (times: number, lateMs: number, idle: number | null = null): number => {
    for (let i = 0; i < times; i++) restraint.tick(lateMs, idle);
    return restraint.share;
  };
  return { restraint, tick };
}

describe('the restraint of moves', () => {
  it('lets them go at full speed some seconds after they began, where there is time', () => {
    const { restraint, tick } = setup();
    expect(restraint.share).toBeLessThan(1 / 64);
    expect(tick(40, 0)).toBeLessThan(1 / 16);
    expect(tick(200, 0, 0.5)).toBe(1);
  });

  it('leaves what a busy machine has, however fast they were', () => {
    const { tick } = setup();
    tick(240, 0);
    expect(tick(20, 10)).toBeLessThan(1 / 16);
  });

  it('gives way to whoever fills the machine, also where its own ticks come in time', () => {
    const { tick } = setup();
    tick(240, 0);
    expect(tick(40, 0, 0.05)).toBeLessThan(1 / 16);
    expect(tick(1, 0, 0.2)).toBeGreaterThan(tick(1, 0, 0.05));
  });

  it('gives way at once to a herd, which makes its ticks very late', () => {
    const { tick } = setup();
    tick(240, 0);
    expect(tick(1, 30)).toBeLessThan(1 / 8);
    expect(tick(1, 5)).toBeGreaterThan(1 / 32);
  });

  it('gives way no further than a 32nd once they have gone on for a quarter of a minute', () => {
    const { tick } = setup();
    expect(tick(150, 10)).toBeCloseTo(1 / 64);
    expect(tick(150, 10, 0)).toBe(1 / 32);
    expect(tick(6_000, 10, 0)).toBe(1 / 32);
  });

  it('always lets some go, and one a second more with each second up to 16, however slow that is', () => {
    const { restraint, tick } = setup();
    expect(restraint.rateOf(64, 1)).toBeLessThan(1);
    tick(100, 10, 0);
    expect(restraint.rateOf(64, 1)).toBeCloseTo(5);
    tick(400, 10, 0);
    expect(restraint.rateOf(64, 1)).toBe(16);
    expect(restraint.rateOf(64, 2)).toBe(8);
    expect(restraint.rateOf(8, 1)).toBe(8);
    expect(restraint.rateOf(1_600, 1)).toBe(50);
  });

  it('begins slowly again with the next moves', () => {
    const { restraint, tick } = setup();
    tick(600, 10);
    restraint.begin();
    expect(tick(1, 10)).toBeLessThan(1 / 64);
    expect(restraint.rateOf(64, 1)).toBeLessThan(1);
  });
});
