import { describe, expect, it } from '@jest/globals';
import { FAULTS, faultNamed } from '../faults/faults.ts';
import { CAMPAIGN_MS, createSchedule, type Schedule, scheduleOf, topologyOf } from './schedule.ts';

const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1);

describe('the schedule of a seed', () => {
  it('is the same each time', () => {
    for (const seed of SEEDS) expect(worded(createSchedule(seed))).toEqual(worded(createSchedule(seed)));
  });

  it('is another one for another seed', () => {
    expect(new Set(SEEDS.map((seed) => worded(createSchedule(seed)))).size).toBe(SEEDS.length);
  });

  it('fits into the time of a campaign', () => {
    for (const seed of SEEDS) {
      const { plannedMs } = createSchedule(seed);
      expect(plannedMs).toBeLessThanOrEqual(CAMPAIGN_MS);
      expect(plannedMs).toBeGreaterThan(CAMPAIGN_MS * 0.8);
    }
  });

  it('holds each fault at least five times over thirty seeds, alone or with another', () => {
    const names = SEEDS.flatMap((seed) =>
      createSchedule(seed).steps.flatMap(({ faults }) => faults.map(({ name }) => name)),
    );
    const seldom = FAULTS.filter(({ name }) => names.filter((other) => other === name).length < 5);
    expect(seldom.map(({ name }) => name)).toEqual([]);
  });

  it('lets faults happen at once that take hold of different parts only', () => {
    const pairs = SEEDS.flatMap((seed) => createSchedule(seed).steps).filter(({ faults }) => faults.length > 1);
    expect(pairs.length).toBeGreaterThan(SEEDS.length);
    for (const { faults } of pairs) {
      const parts = faults.flatMap(({ name }) => faultNamed(name).parts);
      expect(new Set(parts).size).toBe(parts.length);
    }
  });

  it('holds nothing that its topology does not know', () => {
    for (const seed of SEEDS) {
      for (const { name } of createSchedule(seed).steps.flatMap(({ faults }) => faults)) {
        expect([undefined, topologyOf(seed)]).toContain(faultNamed(name).topology);
      }
    }
  });
});

describe('a schedule of named faults', () => {
  it('keeps their order and excuses what each of them excuses', () => {
    const { steps } = scheduleOf(7, [[faultNamed('scale')], [faultNamed('kill-shard'), faultNamed('kill-sender')]]);
    expect(steps.map(({ name }) => name)).toEqual(['scale', 'kill-shard + kill-sender']);
    expect(steps.map(({ excuses }) => excuses)).toEqual([[], ['gap-of-delivery', 'connections-close']]);
  });

  it('is refused when the faults need different topologies', () => {
    const kinds = [[faultNamed('redis-failover')], [faultNamed('redis-stall')]];
    expect(() => scheduleOf(1, kinds)).toThrow(RangeError);
  });

  it('gives each victim its turn, so that none crashes again and again', () => {
    const { steps } = scheduleOf(
      3,
      Array.from({ length: 3 }, () => [faultNamed('kill-shard')]),
    );
    expect(new Set(steps.map(({ faults }) => faults[0]?.plan.detail)).size).toBe(3);
  });
});

function worded({ topology, steps }: Schedule): string {
  const words = steps.map(({ faults, calmMs }) => [
    ...faults.map(({ name, plan }) => `${name} ${plan.detail}`),
    calmMs,
  ]);
  return JSON.stringify([topology, words]);
}
