import { describe, expect, it } from '@jest/globals';
import { Canary } from './canary.ts';

describe('the canary', () => {
  it('proves nothing before the first one came back', () => {
    const canary = new Canary(1_000);
    canary.sent('a', 0);
    expect(canary.isAlive(1)).toBe(false);
  });

  it('keeps the path alive for as long after its sending as it may take', () => {
    const canary = new Canary(1_000);
    canary.sent('a', 100);
    canary.heard('a');
    expect(canary.isAlive(1_100)).toBe(true);
    expect(canary.isAlive(1_101)).toBe(false);
  });

  it('is not taken in by one it did not send, or by an old one', () => {
    const canary = new Canary(1_000);
    canary.heard('x');
    canary.sent('a', 0);
    canary.sent('b', 1_500);
    canary.heard('a');
    expect(canary.isAlive(1_500)).toBe(false);
  });

  it('proves nothing any more when the subscription broke', () => {
    const canary = new Canary(1_000);
    canary.sent('a', 0);
    canary.heard('a');
    canary.broken();
    expect(canary.isAlive(1)).toBe(false);
  });
});
