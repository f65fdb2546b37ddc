import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.ts';

function setup(perSecond: number) {
  const pace = new Pace(perSecond, 1_000);
  /** How many are sent in so many steps of 10 ms from then on. */
  const sentIn = (fromMs: number, steps: number): number => {
    let sent = 0;
    for (let step = 1; step <= steps; step += 1) {
      for (let due = pace.due(fromMs + step * 10); due > 0; due -= 1) {
        pace.sent();
        sent += 1;
      }
    }
    return sent;
  };
  return { pace, sentIn };
}

describe('a steady pace', () => {
  it.each([1, 7, 100, 450])('sends %i a second', (perSecond) => {
    const { sentIn } = setup(perSecond);
    expect(Math.abs(sentIn(1_000, 1_000) - 10 * perSecond)).toBeLessThanOrEqual(1);
  });

  it('catches up a tenth of a second after an outage, and no more', () => {
    const { pace, sentIn } = setup(200);
    sentIn(1_000, 100);
    expect(pace.due(62_000)).toBe(20);
  });

  it('keeps what could not be sent for the next step', () => {
    const { pace } = setup(100);
    expect(pace.due(1_050)).toBe(5);
    pace.sent();
    expect(pace.due(1_050)).toBe(4);
  });
});
