import { describe, expect, it } from '@jest/globals';
import { Deadlines } from './deadlines.ts';

const asIs = (cause: unknown): Error => cause as Error;

describe('a deadline', () => {
  it('lets through what is in time, good or bad', async () => {
    const deadlines = new Deadlines(1_000, () => {});
    await expect(deadlines.limit(Promise.resolve(7), asIs)).resolves.toBe(7);
    await expect(deadlines.limit(Promise.reject(new Error('no')), asIs)).rejects.toThrow('no');
    expect(deadlines.size).toBe(0);
    deadlines.close();
  });

  it('rejects what never comes, and says that something was overdue', async () => {
    let overdue = 0;
    const deadlines = new Deadlines(40, () => (overdue += 1));
    const never = new Promise(() => {});
    const begunMs = performance.now();
    const results = await Promise.allSettled([1, 2, 3].map(() => deadlines.limit(never, asIs)));
    expect(performance.now() - begunMs).toBeGreaterThanOrEqual(39);
    for (const result of results) expect(result).toMatchObject({ reason: { code: 'store_unavailable' } });
    expect(overdue).toBeGreaterThan(0);
    expect(deadlines.size).toBe(0);
  });
});
