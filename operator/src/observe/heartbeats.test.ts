import { describe, expect, test } from '@jest/globals';
import type { Lease } from '@flotilla-im/store';
import { createFakeObserver, leaseOf } from '../testing/fake-state.ts';
import { Heartbeats } from './heartbeats.ts';

function setup(): { see: (atMs: number, leases: readonly Lease[], healthySinceMs?: number) => Heartbeats } {
  const heartbeats = new Heartbeats(createFakeObserver(), 2_000);
  return {
    see(atMs, leases, healthySinceMs = 0) {
      heartbeats.observe(leases, atMs, healthySinceMs);
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

  test('a lease found at the start that never moves is silent after two seconds', () => {
    const { see } = setup();
    see(1_000, [leaseOf(0, 7)]);
    expect(see(2_000, [leaseOf(0, 7)]).of(0, 2_000)).toBe('unproven');
    expect(see(3_000, [leaseOf(0, 7)]).of(0, 3_000)).toBe('quiet');
    expect(see(3_250, [leaseOf(0, 7)]).of(0, 3_250)).toBe('silent');
  });

  test('a lease that appears while watching is proof of life', () => {
    const { see } = setup();
    see(1_000, []);
    expect(see(1_250, [leaseOf(0, 1, { state: 'starting' })]).of(0, 1_250)).toBe('starting');
  });

  test('a shard that was heard is silent two seconds after its last heartbeat, even when its lease is taken away', () => {
    const { see } = setup();
    see(1_000, []);
    see(1_250, [leaseOf(0, 1)]);
    expect(see(3_000, []).of(0, 3_000)).toBe('quiet');
    expect(see(3_500, []).of(0, 3_500)).toBe('silent');
  });

  test('silence while the store was ill does not count', () => {
    const { see } = setup();
    see(1_000, []);
    see(1_250, [leaseOf(0, 1)]);
    expect(see(60_000, [leaseOf(0, 1)], 59_900).of(0, 60_000)).toBe('unproven');
    expect(see(60_500, [leaseOf(0, 2)], 59_900).of(0, 60_500)).toBe('up');
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
    expect(see(2_500, []).of(5, 2_500)).toBe('silent');
  });
});
