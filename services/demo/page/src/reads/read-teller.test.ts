import { describe, expect, it } from '@jest/globals';
import type { Looked } from '../../../src/words.ts';
import { ApiError } from '../api.ts';
import { ReadTeller } from './read-teller.ts';

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** A teller whose requests fail with these first; its pauses last a turn. */
function setup(failures: readonly Error[] = []) {
  const told: string[] = [];
  const left = [...failures];
  const teller = new ReadTeller({
    tell: ({ id }) => {
      told.push(id);
      const failure = left.shift();
      return failure ? Promise.reject(failure) : Promise.resolve();
    },
    wait: turn,
  });
  const seen = (n: number, from = 'Bob'): void =>
    teller.seen({ from, id: `m${n}`, position: `g.${n}` } satisfies Looked);
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 10; i += 1) await turn();
  };
  return { told, seen, settle };
}

describe('what was seen', () => {
  it('is told once, the last for all', async () => {
    const { told, seen, settle } = setup();
    for (const n of [1, 2, 3, 3]) seen(n);
    await settle();
    seen(3);
    await settle();
    expect(told).toEqual(['m3']);
    seen(4);
    await settle();
    expect(told).toEqual(['m3', 'm4']);
  });

  it('is told for each person', async () => {
    const { told, seen, settle } = setup();
    seen(1);
    seen(2, 'Carol');
    await settle();
    expect(told.sort()).toEqual(['m1', 'm2']);
  });

  it('is told again after a failure that may pass, and not after one that stays', async () => {
    const { told, seen, settle } = setup([new ApiError(503, 'away', 1_000), new ApiError(404, 'no message', null)]);
    seen(1);
    await settle();
    seen(1);
    await settle();
    expect(told).toEqual(['m1', 'm1']);
  });
});
