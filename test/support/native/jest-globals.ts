import { ModernFakeTimers } from '@jest/fake-timers';
import type * as jestModule from '@jest/globals';
import { ModuleMocker } from 'jest-mock';

/** What `@jest/globals` exports, for a test file that Node loads itself. */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } =
  globalThis as unknown as typeof jestModule;

type FakeTimersSettings = ConstructorParameters<typeof ModernFakeTimers>[0];
const config = { rootDir: process.cwd(), fakeTimers: {} } as FakeTimersSettings['config'];
const timers = new ModernFakeTimers({ config, global: globalThis });
const mocker = new ModuleMocker(globalThis);

/** As much of jest's own object as tests use: functions that note their calls, and timers that a test moves on. */
export const jest = {
  fn: mocker.fn.bind(mocker),
  useFakeTimers: timers.useFakeTimers.bind(timers),
  useRealTimers: timers.useRealTimers.bind(timers),
  getTimerCount: timers.getTimerCount.bind(timers),
  advanceTimersByTime: timers.advanceTimersByTime.bind(timers),
  advanceTimersByTimeAsync: timers.advanceTimersByTimeAsync.bind(timers),
};

// The timers are the process's own: the next file needs them real.
afterAll(() => timers.useRealTimers());
