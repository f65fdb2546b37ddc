import { MessageChannel } from 'node:worker_threads';
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

  it('waits for what is behind others as long as these are answered, but not for ever', async () => {
    const deadlines = new Deadlines(40, () => {}, 15);
    const begunMs = performance.now();
    const slow = deadlines.limit(later(120, 'slow'), asIs);
    const lost = deadlines.limit(new Promise(() => {}), asIs);
    const answers = setInterval(() => void deadlines.limit(Promise.resolve(1), asIs), 10);
    await expect(slow).resolves.toBe('slow');
    await expect(lost).rejects.toMatchObject({ code: 'store_unavailable' });
    clearInterval(answers);
    expect(performance.now() - begunMs).toBeGreaterThanOrEqual(599);
    deadlines.close();
  });

  it('waits for nothing longer because of answers that another server may have given', async () => {
    const deadlines = new Deadlines(40, () => {});
    const slow = deadlines.limit(later(5_000, 'slow'), asIs);
    const answers = setInterval(() => void deadlines.limit(Promise.resolve(1), asIs), 10);
    await expect(slow).rejects.toMatchObject({ code: 'store_unavailable' });
    clearInterval(answers);
    deadlines.close();
  });

  it('takes an answer that came while this process did something else', async () => {
    const deadlines = new Deadlines(50, () => {});
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => port2.once('message', resolve));
    const waiting = deadlines.limit(answer, asIs);
    // From here the event loop comes to its timers before it reads what has arrived.
    await new Promise((resolve) => setImmediate(resolve));
    port1.postMessage('here');
    const untilMs = performance.now() + 150;
    while (performance.now() < untilMs);
    await expect(waiting).resolves.toBe('here');
    deadlines.close();
    port1.close();
  });
});

function later(ms: number, value: string): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve(value), ms));
}
