import { describe, expect, test } from '@jest/globals';
import { createFakeObserver, leaseOf } from '../testing/fake-state.ts';
import { Heartbeats } from './heartbeats.ts';

/** Heartbeats judged at 2 s. `beat` lets one shard beat each half second from one time to another. */
function setup() {
  const heartbeats = new Heartbeats(createFakeObserver(), 2_000);
  let counter = 0;
  /** A shard that beats when its test says so. */
  const other = { counter: 0 };
  const beat = (fromMs: number, toMs: number, healthySinceMs = 0, everyMs = 500): Heartbeats => {
    for (let atMs = fromMs; atMs <= toMs; atMs += everyMs) {
      counter += 1;
      heartbeats.observe([leaseOf(0, counter), leaseOf(1, 7), leaseOf(2, other.counter)], atMs, healthySinceMs);
    }
    return heartbeats;
  };
  return { beat, other };
}

describe('the proof that Redis is well', () => {
  test('is a shard that was heard without a gap for the time of silence, and five seconds more', () => {
    const { beat } = setup();
    expect(beat(0, 7_000).isStoreProven(7_000)).toBe(false);
    expect(beat(7_500, 8_000).isStoreProven(8_000)).toBe(true);
  });

  test('is none when nobody is heard any more', () => {
    const { beat } = setup();
    expect(beat(0, 10_000).isStoreProven(11_200)).toBe(false);
  });

  test('begins anew after a gap', () => {
    const { beat } = setup();
    beat(0, 10_000);
    expect(beat(12_500, 19_500).isStoreProven(19_500)).toBe(false);
    expect(beat(20_000, 20_000).isStoreProven(20_000)).toBe(true);
  });

  test('begins anew when the observer itself lost Redis', () => {
    const { beat } = setup();
    beat(0, 10_000);
    expect(beat(10_500, 17_000, 10_200).isStoreProven(17_000)).toBe(false);
    expect(beat(17_500, 18_500, 10_200).isStoreProven(18_500)).toBe(true);
  });

  test('takes longer where heartbeats stutter', () => {
    const { beat } = setup();
    expect(beat(0, 14_400, 0, 1_600).isStoreProven(14_400)).toBe(false);
    expect(beat(16_000, 16_000).isStoreProven(16_000)).toBe(true);
  });

  test('is none where heartbeats stutter and somebody fell silent only now: all may have waited for one stall', () => {
    const { beat, other } = setup();
    beat(0, 20_000, 0, 1_600);
    other.counter += 1;
    beat(20_800, 20_800);
    const proven = [22_500, 24_400, 26_300, 28_200].map((atMs) => beat(atMs, atMs).isStoreProven(atMs));
    expect(proven).toEqual([true, false, false, true]);
  });

  test('shards have five seconds to come back to a Redis that was away before they are called silent', () => {
    const { beat } = setup();
    beat(0, 10_000);
    expect(beat(30_000, 36_500, 30_000).of(1, 36_500)).not.toBe('silent');
    expect(beat(37_000, 37_500, 30_000).of(1, 37_500)).toBe('silent');
  });
});
