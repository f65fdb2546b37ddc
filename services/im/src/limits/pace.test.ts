import { describe, expect, it } from '@jest/globals';
import { type Arrival, createPace } from './pace.ts';

function waitOf(arrival: Arrival): number | null {
  return arrival.type === 'tell' ? arrival.retryAfterMs : null;
}

describe('the pace of arrivals', () => {
  it('serves a storm no faster than the pace, over every second', () => {
    const pace = createPace(100);
    let served = 0;
    for (let nowMs = 0; nowMs < 2_000; nowMs += 1) {
      for (let i = 0; i < 5; i += 1) if (pace.arrive(nowMs, 0).type === 'serve') served += 1;
    }
    expect(served).toBeGreaterThanOrEqual(195);
    expect(served).toBeLessThanOrEqual(211);
  });

  it('sends those who must wait one behind the other', () => {
    const pace = createPace(100);
    const waits = Array.from({ length: 40 }, () => waitOf(pace.arrive(0, 0))).filter((wait) => wait !== null);
    expect(waits).toHaveLength(30);
    expect(waits[0]).toBeLessThanOrEqual(20);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(300);
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);
  });

  it('never tells longer than half a minute, and spreads the ends of a full line', () => {
    const pace = createPace(1);
    const waits: number[] = [];
    for (let nowMs = 0; nowMs < 20_000; nowMs += 250)
      waits.push(waitOf(pace.arrive(nowMs, (nowMs % 1_000) / 1_000)) ?? 0);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_050);
    expect(new Set(waits.slice(-8)).size).toBeGreaterThan(3);
  });

  it('drops what it could not even tell', () => {
    const pace = createPace(10);
    const outcomes = Array.from({ length: 200 }, () => pace.arrive(0, 0).type);
    expect(outcomes.filter((type) => type === 'serve')).toHaveLength(1);
    expect(outcomes.filter((type) => type === 'tell')).toHaveLength(10);
    expect(outcomes.at(-1)).toBe('drop');
  });
});
