import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { startWorker, type Worker } from './worker.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

function setup(run: (runs: number) => Promise<'done' | 'again'> = () => Promise.resolve('done')) {
  const seen = { runs: 0, failures: [] as number[] };
  const worker: Worker = startWorker({
    run: () => run(++seen.runs),
    intervalMs: 250,
    maxBackoffMs: 5_000,
    deadlineMs: 10_000,
    onFailure: (_, failures) => seen.failures.push(failures),
    random: () => 1,
  });
  return { seen, worker };
}

describe('the worker', () => {
  test('runs at once and then at its pace', async () => {
    const { seen } = setup();
    await pass(1_000);
    expect(seen.runs).toBe(5);
  });

  test('runs soon, and once, however often it is triggered', async () => {
    const { seen, worker } = setup();
    await pass(10);
    for (let i = 0; i < 10; i++) worker.trigger();
    await pass(10);
    expect(seen.runs).toBe(2);
  });

  test('runs once more when it is triggered during a run', async () => {
    const { seen, worker } = setup(() => new Promise((resolve) => setTimeout(resolve, 100, 'done')));
    await pass(50);
    worker.trigger();
    await pass(60);
    expect(seen.runs).toBe(2);
  });

  test('goes on after failures, with pauses that double up to the longest', async () => {
    const { seen } = setup(() => Promise.reject(new Error('no')));
    await pass(250 + 500 + 1_000 + 2_000 + 4_000 + 5_000);
    expect(seen.failures).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('forgets its failures with the first success', async () => {
    const { seen } = setup((runs) => (runs % 2 === 1 ? Promise.reject(new Error('no')) : Promise.resolve('done')));
    await pass(1_400);
    expect(new Set(seen.failures)).toEqual(new Set([1]));
  });

  test('gives up a run that hangs, and runs again', async () => {
    const { seen } = setup((runs) => (runs === 1 ? new Promise(() => {}) : Promise.resolve('done')));
    await pass(10_300);
    expect(seen).toMatchObject({ runs: 2, failures: [1] });
  });

  test('runs again at once when a run asks for it', async () => {
    const { seen } = setup((runs) => Promise.resolve(runs < 3 ? 'again' : 'done'));
    await pass(60);
    expect(seen.runs).toBe(3);
  });

  test('does not run any more once it is closed', async () => {
    const { seen, worker } = setup();
    await worker.close();
    await pass(1_000);
    expect(seen.runs).toBe(1);
  });
});
