import { expect, it } from '@jest/globals';
import type { Typing } from '../../../src/words.ts';
import { TypingTeller } from './typing-teller.ts';

it('says that somebody types every 3 s at most, in each conversation, and at once after a message', () => {
  const told: Typing[] = [];
  let now = 0;
  const tell = (typing: Typing): Promise<void> => {
    told.push(typing);
    return Promise.reject(new Error('lost, which is no harm'));
  };
  const teller = new TypingTeller({ tell, nowMs: () => now });
  const typeAt = (ms: number, id: '@Bob' | '#Harbour'): number => {
    now = ms;
    teller.typed(id);
    return told.length;
  };
  expect(typeAt(0, '@Bob')).toBe(1);
  expect(typeAt(2_999, '@Bob')).toBe(1);
  expect(typeAt(2_999, '#Harbour')).toBe(2);
  expect(typeAt(3_000, '@Bob')).toBe(3);
  teller.sent('@Bob');
  expect(typeAt(3_001, '@Bob')).toBe(4);
  expect(told.slice(0, 2)).toEqual([{ to: 'Bob' }, { channel: 'Harbour' }]);
});
