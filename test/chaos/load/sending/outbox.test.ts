import { describe, expect, it } from '@jest/globals';
import { openMessages } from './outbox.ts';

const [A, B] = ['inbox:a', 'channel:b'] as const;

describe('what a new life of a sender finds', () => {
  it('is what was begun, and neither accepted nor given up', () => {
    const open = openMessages([
      ['intent', 1, 'sender-0.1', A, 1],
      ['intent', 2, 'sender-0.1', B, 1],
      ['accepted', 3, 'sender-0.1', A, 1],
      ['failed', 4, 'sender-0.1', B, 1, 'timeout', true],
      ['intent', 5, 'sender-0.1', A, 2],
      ['abandoned', 6, 'sender-0.1', A, 2],
    ]);
    expect(open).toEqual([{ life: 'sender-0.1', log: B, n: 1 }]);
  });

  it('is what no life between has finished, under the name of the life that began it', () => {
    const open = openMessages([
      ['intent', 1, 'sender-0.1', A, 7],
      ['intent', 1, 'sender-0.1', B, 7],
      ['accepted', 2, 'sender-0.1', A, 7],
      ['intent', 3, 'sender-0.2', A, 1],
    ]);
    expect(open).toEqual([
      { life: 'sender-0.1', log: B, n: 7 },
      { life: 'sender-0.2', log: A, n: 1 },
    ]);
  });
});
