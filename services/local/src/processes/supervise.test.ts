import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Child, ChildEnd } from './child.ts';
import { supervise } from './supervise.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Children that run until the test ends them. */
function setup(isFinal?: (end: ChildEnd) => boolean) {
  const ends: ((end: ChildEnd) => void)[] = [];
  const calls: string[] = [];
  const retries: (number | null)[] = [];
  let nowMs = 0;
  const start = (): Child => {
    const { promise, resolve } = Promise.withResolvers<ChildEnd>();
    ends.push(resolve);
    const gone = (how: string) => () => {
      calls.push(how);
      resolve({ code: 0, how });
    };
    return { name: 'x', pid: ends.length, ended: promise, stop: gone('stop'), kill: gone('kill') };
  };
  const options = { start, onEnd: (_: ChildEnd, retryMs: number | null) => retries.push(retryMs), nowMs: () => nowMs };
  const supervised = supervise(isFinal === undefined ? options : { ...options, isFinal });
  const pass = async (ms: number): Promise<void> => {
    nowMs += ms;
    await jest.advanceTimersByTimeAsync(ms);
  };
  const crash = async (): Promise<void> => {
    ends.at(-1)?.({ code: 1, how: 'ended with code 1' });
    await pass(0);
  };
  return { supervised, calls, retries, pass, crash, starts: () => ends.length };
}

describe('a supervised child', () => {
  test('is started again after growing pauses', async () => {
    const { crash, pass, retries, starts } = setup();
    for (let i = 0; i < 7; i++) {
      await crash();
      await pass(10_000);
    }
    expect(retries).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    expect(starts()).toBe(8);
  });

  test('that ran for a minute is started again soon', async () => {
    const { crash, pass, retries } = setup();
    await crash();
    await pass(500);
    await pass(60_000);
    await crash();
    expect(retries).toEqual([500, 500]);
  });

  test('is not started again once it is stopped, not even when it was about to be', async () => {
    const { supervised, crash, pass, calls, starts } = setup();
    await crash();
    await supervised.stop(1_000);
    await pass(60_000);
    expect(starts()).toBe(1);
    expect(calls).toEqual([]);
  });

  test('is asked to end when it is stopped', async () => {
    const { supervised, calls, retries } = setup();
    await supervised.stop(1_000);
    expect(calls).toEqual(['stop']);
    expect(retries).toEqual([]);
  });

  test('stays ended when starting it again makes no sense', async () => {
    const { crash, pass, retries, starts } = setup(({ code }) => code === 1);
    await crash();
    await pass(60_000);
    expect(retries).toEqual([null]);
    expect(starts()).toBe(1);
  });
});
