import { describe, expect, it } from '@jest/globals';
import { Durations, percentilesOf } from './durations.ts';

describe('percentiles', () => {
  it('are those of all values, rounded up', () => {
    const values = Array.from({ length: 200 }, (_, i) => i + 0.5);
    expect(percentilesOf(values)).toEqual({ count: 200, p50: 100, p99: 198, max: 200 });
  });

  it('are 0 without values', () => {
    expect(percentilesOf([])).toEqual({ count: 0, p50: 0, p99: 0, max: 0 });
  });

  it('show the longest as it is, beyond what is counted apart', () => {
    expect(percentilesOf([90_000])).toMatchObject({ p99: 60_000, max: 90_000 });
  });

  it('begin anew when they are cleared', () => {
    const durations = new Durations();
    durations.add(5);
    durations.clear();
    expect(durations.summary().count).toBe(0);
  });
});
