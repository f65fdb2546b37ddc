import { describe, expect, test } from '@jest/globals';
import type { Lease } from '@flotilla-im/store';
import { createFakeObserver, leaseOf } from '../testing/fake-state.ts';
import { Heartbeats } from './heartbeats.ts';

type See = (atMs: number, leases: readonly Lease[], healthySinceMs?: number, askedMs?: number) => Heartbeats;

function setup(): { see: See } {
  const heartbeats = new Heartbeats(createFakeObserver(), 2_000);
  return {
    see(atMs, leases, healthySinceMs = 0, askedMs = atMs) {
      heartbeats.observe(leases, atMs, healthySinceMs, askedMs);
      return heartbeats;
    },
  };
}

describe('what heartbeats say', () => {
  test('a lease found at the start proves nothing until its counter moves', () => {
    const { see } = setup();
    expect(see(1_000, [leaseOf(0, 7)]).of(0, 1_000)).toBe('unproven');
    expect(see(1_250, [leaseOf(0, 7)]).of(0, 1_250)).toBe('unproven');
    expect(see(1_500, [leaseOf(0, 8)]).of(0, 1_500)).toBe('up');
  });

  test('a lease found at the start that never moves is silent after the time to come back, and two seconds', () => {
    const { see } = setup();
    see(1_000, [leaseOf(0, 7)]);
    expect(see(7_000, [leaseOf(0, 7)]).of(0, 7_000)).toBe('unproven');
    expect(see(7_250, [leaseOf(0, 7)]).of(0, 7_250)).toBe('quiet');
    expect(see(8_250, [leaseOf(0, 7)]).of(0, 8_250)).toBe('silent');
  });

  test('a lease that appears while watching is proof of life', () => {
    const { see } = setup();
    see(1_000, []);
    expect(see(1_250, [leaseOf(0, 1, { state: 'starting' })]).of(0, 1_250)).toBe('starting');
  });

  test('a shard that was heard is silent two seconds after its last heartbeat, even when its lease is taken away', () => {
    const { see } = setup();
    see(1_000, []);
    see(10_250, [leaseOf(0, 1)]);
    expect(see(12_000, []).of(0, 12_000)).toBe('quiet');
    expect(see(12_500, []).of(0, 12_500)).toBe('silent');
  });

  test('silence while the store was ill does not count', () => {
    const { see } = setup();
    see(1_000, []);
    see(1_250, [leaseOf(0, 1)]);
    expect(see(60_000, [leaseOf(0, 1)], 59_900).of(0, 60_000)).toBe('unproven');
    expect(see(60_500, [leaseOf(0, 2)], 59_900).of(0, 60_500)).toBe('up');
  });

  test('when nobody was heard for a while the store took no heartbeats, and those that come back later are not silent', () => {
    const { see } = setup();
    const beats = (...counts: readonly number[]) => counts.map((count, shard) => leaseOf(shard, count));
    see(1_000, []);
    see(10_000, beats(1, 1, 1));
    see(12_500, beats(1, 1, 1));
    expect(see(13_000, beats(2, 2, 1)).of(2, 13_000)).not.toBe('silent');
    for (let ms = 13_500; ms <= 19_500; ms += 500) see(ms, beats(ms, ms, 1));
    expect(see(20_000, beats(3, 3, 1)).of(2, 20_000)).toBe('quiet');
    expect(see(20_250, beats(4, 4, 1)).of(2, 20_250)).toBe('silent');
  });

  test('of two lives of a shard the later one counts', () => {
    const { see } = setup();
    see(1_000, []);
    see(1_250, [leaseOf(0, 1, { state: 'draining' })]);
    const both = [leaseOf(0, 2, { state: 'draining' }), leaseOf(0, 1, { incarnation: 'next' })];
    expect(see(1_500, both).of(0, 1_500)).toBe('up');
  });

  test('a shard that nobody ever heard of is silent in the end', () => {
    const { see } = setup();
    expect(see(0, []).of(5, 0)).toBe('unproven');
    expect(see(7_250, []).of(5, 7_250)).toBe('silent');
  });

  test('silence is known only until the time at which a list was asked for', () => {
    const { see } = setup();
    see(1_000, []);
    see(10_000, [leaseOf(0, 1)]);
    expect(see(12_200, [leaseOf(0, 1)], 0, 11_300).of(0, 12_200)).toBe('quiet');
    expect(see(12_450, [leaseOf(0, 1)], 0, 12_450).of(0, 12_450)).toBe('silent');
  });

  test('a stall that the observer felt is no silence: shards may have to connect anew', () => {
    const { see } = setup();
    see(1_000, []);
    see(10_000, [leaseOf(0, 1)]);
    see(12_200, [leaseOf(0, 1)], 0, 10_200);
    expect(see(13_000, [leaseOf(0, 1)]).of(0, 13_000)).toBe('up');
    expect(see(14_250, [leaseOf(0, 1)]).of(0, 14_250)).toBe('silent');
  });

  test('that a shard is not ready says nothing in the half minute after the store was away', () => {
    const { see } = setup();
    expect(see(1_000, []).isReadinessStale(30_999)).toBe(true);
    expect(see(31_000, []).isReadinessStale(31_000)).toBe(false);
    expect(see(90_000, [], 89_900).isReadinessStale(119_000)).toBe(true);
  });
});
