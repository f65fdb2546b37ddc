import { describe, expect, it } from '@jest/globals';
import type { Flotilla } from '@flotilla-im/sdk';
import { createLastPage } from './last-page.ts';

/** Somebody closes a page, and has so many open some seconds later. */
async function setup({ left, fails = false }: { left: number; fails?: boolean }) {
  const done: unknown[] = [];
  let now = 1_000;
  const errors: unknown[] = [];
  let told = (): void => undefined;
  const settled = new Promise<void>((resolve) => (told = resolve));
  const connections = (): Promise<unknown[]> => {
    setImmediate(told);
    return fails ? Promise.reject(new Error('away')) : Promise.resolve(new Array<unknown>(left).fill({}));
  };
  const pageClosed = createLastPage({
    flotilla: { presence: { connections } } as unknown as Flotilla,
    calls: { wentAway: (...what) => Promise.resolve(void done.push(what)) },
    wallMs: () => now,
    wait: (ms) => {
      now += ms;
      return Promise.resolve(void done.push(ms));
    },
    onError: (error) => errors.push(error),
  });
  pageClosed('Anna');
  await settled;
  return { done, errors };
}

describe('a page that is closed', () => {
  it('ends the calls of who has no other, after the time in which it might come back, those begun in it included', async () => {
    expect(await setup({ left: 0 })).toEqual({ done: [3_000, ['Anna', 4_000, 'hung_up']], errors: [] });
  });

  it('ends nothing of who has another, or is back', async () => {
    expect(await setup({ left: 1 })).toEqual({ done: [3_000], errors: [] });
  });

  it('is left to the end of the grace where nobody can say', async () => {
    expect(await setup({ left: 0, fails: true })).toEqual({ done: [3_000], errors: [expect.any(Error)] });
  });
});
