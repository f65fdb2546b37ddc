import type { Fleet } from '@flotilla-im/sdk';
import { describe, expect, it } from '@jest/globals';
import { SteadyRate } from './steady-rate.ts';

/** Rates of shard 0, one picture a second from second 1 on. */
function setup(rates: readonly (number | null)[]) {
  const steady = new SteadyRate();
  rates.forEach((deliveredPerSecond, i) => {
    const shards = [{ shard: 0, deliveredPerSecond }] as unknown as Fleet['shards'];
    steady.observe({ at: (i + 1) * 1_000, shards });
  });
  return steady;
}

describe('the rate of a shard', () => {
  it('is not known before a picture has it', () => {
    expect(setup([]).of(0, 0)).toBeNull();
    expect(setup([null]).of(0, 1_000)).toBeNull();
    expect(setup([5]).of(1, 1_000)).toBeNull();
  });

  it('passes over a single jump', () => {
    expect(setup([40, 41, 400, 0, 42.4]).of(0, 5_000)).toBe(41);
  });

  it('is the last one once nothing changes any more', () => {
    const steady = setup([40, 40, 40, 40, 0]);
    expect(steady.of(0, 5_000)).toBe(40);
    expect(steady.of(0, 9_000)).toBe(0);
  });
});
