import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.ts';

function setup() {
  const clock = { ms: 0 };
  const pace = new Pace({ perSecond: 10, burst: 3, nowMs: () => clock.ms });
  const takes = (name: string, times: number): void => {
    for (let i = 0; i < times; i += 1) pace.take(name);
  };
  return { clock, pace, takes };
}

const refused = expect.objectContaining({ statusCode: 429, code: 'rate_limited', retryAfterMs: 100 });

describe('the pace', () => {
  it('allows a burst, then says when to come again', () => {
    const { pace, takes } = setup();
    takes('Anna', 3);
    expect(() => pace.take('Anna')).toThrow(refused);
  });

  it('allows so many a second in the long run', () => {
    const { clock, pace, takes } = setup();
    takes('Anna', 3);
    clock.ms = 200;
    takes('Anna', 2);
    expect(() => pace.take('Anna')).toThrow(refused);
  });

  it('counts everybody apart', () => {
    const { pace, takes } = setup();
    takes('Anna', 3);
    expect(() => pace.take('__proto__')).not.toThrow();
  });

  it('forgets those who have been quiet, and nobody else', () => {
    const { clock, pace, takes } = setup();
    for (let i = 0; i < 10_001; i += 1) pace.take(`client ${i}`);
    clock.ms = 10_000;
    takes('Anna', 3);
    takes('Bob', 1);
    expect(() => pace.take('Anna')).toThrow(refused);
  });
});
