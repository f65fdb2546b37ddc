import { describe, expect, it } from '@jest/globals';
import { CallsElsewhere, SIGN_HOLDS_MS } from './calls-elsewhere.ts';

describe('a call on another page', () => {
  it('is known by its signs, until it is over', () => {
    const calls = new CallsElsewhere();
    expect(calls.isAny(0)).toBe(false);
    calls.sign('a', 0);
    calls.sign('b', 0);
    calls.leaveOut('a');
    expect(calls.isAny(1)).toBe(true);
    calls.leaveOut('b');
    expect(calls.isAny(1)).toBe(false);
  });

  it('is over for good: a late sign of it says nothing', () => {
    const calls = new CallsElsewhere();
    calls.leaveOut('a');
    calls.leaveOut('a');
    calls.sign('a', 0);
    expect(calls.isAny(0)).toBe(false);
    calls.sign('next', 0);
    expect(calls.isAny(0)).toBe(true);
  });

  it('that was left behind without a word is over when its signs have ceased', () => {
    const calls = new CallsElsewhere();
    calls.sign('a', 0);
    calls.sign('a', 15_000);
    expect(calls.isAny(15_000 + SIGN_HOLDS_MS - 1)).toBe(true);
    expect(calls.isAny(15_000 + SIGN_HOLDS_MS)).toBe(false);
  });
});
