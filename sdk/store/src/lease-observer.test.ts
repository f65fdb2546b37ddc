import { describe, expect, it } from '@jest/globals';
import type { Lease } from './lease.ts';
import { createLeaseObserver } from './lease-observer.ts';

const lease = (incarnation: string, counter: number): Lease => ({
  shard: 0,
  incarnation,
  counter,
  state: 'up',
  connections: 0,
  guests: 0,
  delivered: 0,
  epoch: 1,
  pace: 1,
  version: '0',
  schema: 1,
});

describe('an observer', () => {
  it('counts silence from the last change that it saw', () => {
    const observer = createLeaseObserver();
    observer.observe([lease('a', 1)], 100, 0);
    observer.observe([lease('a', 2)], 600, 0);
    observer.observe([lease('a', 2)], 1_100, 0);
    expect(observer.silentForMs('a', 1_100)).toBe(500);
  });

  it('counts the first sight as a change', () => {
    const observer = createLeaseObserver();
    observer.observe([lease('a', 99)], 5_000, 0);
    expect(observer.silentForMs('a', 5_000)).toBe(0);
  });

  it('does not count time before its own connection became healthy', () => {
    const observer = createLeaseObserver();
    observer.observe([lease('a', 1)], 100, 0);
    observer.observe([lease('a', 1)], 9_000, 8_900);
    expect(observer.silentForMs('a', 9_000)).toBe(100);
  });

  it('does not count time in which it did not look', () => {
    const observer = createLeaseObserver();
    observer.observe([lease('a', 1)], 100, 0);
    observer.observe([lease('a', 1)], 300, 0);
    expect(observer.silentForMs('a', 60_000)).toBe(200);
  });

  it('takes a counter that went back for a change', () => {
    const observer = createLeaseObserver();
    observer.observe([lease('a', 7)], 100, 0);
    observer.observe([lease('a', 1)], 900, 0);
    expect(observer.silentForMs('a', 900)).toBe(0);
  });

  it('forgets who is no longer listed, and says nothing against strangers', () => {
    const observer = createLeaseObserver();
    observer.observe([lease('a', 1)], 100, 0);
    observer.observe([], 200, 0);
    observer.observe([lease('a', 1)], 5_000, 0);
    expect(observer.silentForMs('a', 5_000)).toBe(0);
    expect(observer.silentForMs('b', 5_000)).toBe(0);
  });
});
