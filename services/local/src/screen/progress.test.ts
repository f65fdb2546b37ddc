import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createProgress } from './progress.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('progress', () => {
  test('is silent about what takes less than a second', async () => {
    const lines: string[] = [];
    const work = createProgress(
      (line) => lines.push(line),
      () => Date.now(),
    ).during('Starting', Promise.resolve(7));
    expect(await work).toBe(7);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(lines).toEqual([]);
  });

  test('says what takes longer, and that it still does', async () => {
    const lines: string[] = [];
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const work = createProgress(
      (line) => lines.push(line),
      () => Date.now(),
    ).during('Starting', promise);
    await jest.advanceTimersByTimeAsync(12_000);
    resolve(undefined);
    await work;
    expect(lines).toEqual(['Starting …', 'Starting, still at it after 11 s …']);
  });
});
