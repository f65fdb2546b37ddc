import { describe, expect, it } from '@jest/globals';
import { Persistence } from './persistence.ts';

function setup() {
  const pauses: number[] = [];
  const failures: string[] = [];
  const timers: (() => void)[] = [];
  const persistence = new Persistence({
    setTimer: (run, ms) => {
      pauses.push(ms);
      timers.push(run);
      if (pauses.length < 10) setImmediate(run);
    },
    chance: () => 1,
    onFailure: (_error, what) => void failures.push(what),
  });
  return { persistence, pauses, failures };
}

describe('persistence', () => {
  it('repeats what fails until it succeeds, with longer and longer pauses', async () => {
    const { persistence, pauses, failures } = setup();
    let left = 8;
    const outcome = persistence.until('read', () =>
      left-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve('there'),
    );
    expect(await outcome).toBe('there');
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000]);
    expect(failures).toHaveLength(8);
  });

  it('tries at once when the store is back, and soon again', async () => {
    const { persistence, pauses } = setup();
    let tries = 0;
    const outcome = persistence.until('read', () => {
      tries += 1;
      return tries < 13 ? Promise.reject(new Error('away')) : Promise.resolve('there');
    });
    while (pauses.length < 10) await new Promise((resolve) => setImmediate(resolve));
    for (let hurries = 0; hurries < 3; hurries += 1) {
      persistence.hurry();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await outcome).toBe('there');
    expect(pauses.slice(10)).toEqual([50, 50]);
  });

  it('rejects with closed when the pod closes first, also out of a pause', async () => {
    const { persistence, pauses } = setup();
    const waiting = persistence.until('read', () => Promise.reject(new Error('away')));
    while (pauses.length < 10) await new Promise((resolve) => setImmediate(resolve));
    persistence.close();
    await expect(waiting).rejects.toMatchObject({ code: 'closed' });
    await expect(persistence.until('read', () => Promise.resolve(1))).rejects.toMatchObject({ code: 'closed' });
  });
});
