import { expect, it } from '@jest/globals';
import { createAddressPace } from './address-pace.ts';

it('serves each address at its pace, whatever others do', () => {
  const pace = createAddressPace(10);
  const served = new Map([
    ['a', 0],
    ['b', 0],
  ]);
  for (let nowMs = 0; nowMs < 1_000; nowMs += 10) {
    for (const key of ['a', 'a', 'a', ...(nowMs % 200 === 0 ? ['b'] : [])]) {
      if (pace.arrive(key, nowMs, () => 0).type === 'serve') served.set(key, (served.get(key) ?? 0) + 1);
    }
  }
  expect(served).toEqual(
    new Map([
      ['a', 10],
      ['b', 5],
    ]),
  );
});

it('tells the excess when to come again, spread, and drops what is beyond telling', () => {
  const pace = createAddressPace(10);
  const outcomes = Array.from({ length: 30 }, (_, n) => pace.arrive('a', 0, () => n / 30));
  expect(outcomes.filter(({ type }) => type === 'serve')).toHaveLength(1);
  const waits = outcomes.flatMap((outcome) => (outcome.type === 'tell' ? [outcome.retryAfterMs] : []));
  expect(waits).toHaveLength(10);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000);
  expect(new Set(waits).size).toBe(10);
  expect(outcomes.at(-1)?.type).toBe('drop');
});

it('remembers no address for longer than it must', () => {
  const pace = createAddressPace(10);
  for (let n = 0; n < 5_000; n++) pace.arrive(`address ${n}`, n, () => 0);
  expect(pace.size).toBeLessThanOrEqual(1_100);
});
