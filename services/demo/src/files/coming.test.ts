import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Flotilla } from '@flotilla-im/sdk';
import { tellComing } from './coming.ts';

const COMING = { from: 'Anna', to: 'Bob', name: 'a.txt', size: 3 };

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function setup(coming = COMING) {
  const told: unknown[] = [];
  const errors: unknown[] = [];
  const send = (message: { to: string; data: { isComing: boolean }; live: boolean; from: null }) => {
    told.push([message.to, message.data.isComing, message.live]);
    return told.length === 1 ? Promise.resolve() : Promise.reject(new Error('away'));
  };
  const flotilla = { send } as unknown as Flotilla;
  return { told, errors, end: tellComing(flotilla, coming, (error) => errors.push(error)) };
}

describe('that a file is coming', () => {
  it('is told at once, and every 5 s until it is there, live', async () => {
    const { told, errors, end } = setup();
    await jest.advanceTimersByTimeAsync(12_000);
    end(true);
    await jest.advanceTimersByTimeAsync(12_000);
    expect(told).toEqual([
      ['Bob', true, true],
      ['Bob', true, true],
      ['Bob', true, true],
    ]);
    expect(errors).toHaveLength(2);
  });

  it('is taken back when it will not come', () => {
    const { told, end } = setup();
    end(false);
    expect(told.at(-1)).toEqual(['Bob', false, true]);
  });

  it('is told to nobody who sends it to themselves', () => {
    const { told, end } = setup({ ...COMING, to: 'Anna' });
    end(false);
    expect(told).toEqual([]);
  });
});
