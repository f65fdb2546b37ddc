import { describe, expect, it } from '@jest/globals';
import { LOG_START, type Position } from '@flotilla-im/protocol';
import { effectiveOffset, isFurther, receiptOf } from './cursor-order.ts';
import type { LogMeta } from './log.ts';

const first = '111111111111';
const second = '222222222222';
/** Offsets 1 to 5 in the first life, 6 to 9 in the second; 3 to 9 are retained. */
const meta: LogMeta = {
  generations: [
    { generation: first, first: 1 },
    { generation: second, first: 6 },
  ],
  last: 9,
  head: 3,
  life: 'fefefefefefe',
};
const at = (generation: string, offset: number): Position => ({ generation, offset });

describe('a cursor', () => {
  it('moves forward within a generation, and not back', () => {
    expect(isFurther(meta, at(first, 2), at(first, 3))).toBe(true);
    expect(isFurther(meta, at(first, 3), at(first, 3))).toBe(false);
    expect(isFurther(meta, at(first, 3), at(first, 2))).toBe(false);
  });

  it('moves to a later generation, even from an offset that was lost', () => {
    expect(isFurther(meta, at(first, 8), at(second, 6))).toBe(true);
    expect(isFurther(meta, at(second, 6), at(first, 8))).toBe(false);
  });

  it('begins anywhere that the log knows', () => {
    expect(isFurther(meta, null, at(first, 1))).toBe(true);
    expect(isFurther(meta, LOG_START, at(first, 1))).toBe(true);
    expect(isFurther(meta, null, LOG_START)).toBe(false);
  });

  it('never moves to a generation or an offset that the log did not give out', () => {
    expect(isFurther(meta, null, at('ffffffffffff', 1))).toBe(false);
    expect(isFurther(meta, null, at(second, 10))).toBe(false);
    expect(isFurther(meta, at('ffffffffffff', 99), at(first, 1))).toBe(true);
  });

  it('stands at its generation’s end when it is beyond it', () => {
    expect(effectiveOffset(meta, at(first, 8))).toBe(5);
    expect(effectiveOffset(meta, at(second, 8))).toBe(8);
    expect(effectiveOffset(meta, at('ffffffffffff', 8))).toBe(0);
  });
});

describe('a receipt', () => {
  it('is delivered when the cursor passed it', () => {
    expect(receiptOf(meta, at(second, 7), at(second, 7))).toBe('delivered');
    expect(receiptOf(meta, at(second, 7), at(first, 1))).toBe('delivered');
    expect(receiptOf(meta, at(second, 7), at(second, 8))).toBe('unread');
  });

  it('is not delivered by a cursor in what its generation lost', () => {
    expect(receiptOf(meta, at(first, 8), at(second, 7))).toBe('unread');
    expect(receiptOf(meta, at(second, 9), at(first, 7))).toBe('expired');
  });

  it('is expired when the entry is gone unread, or never was', () => {
    expect(receiptOf(meta, null, at(first, 2))).toBe('expired');
    expect(receiptOf(meta, null, at(second, 10))).toBe('expired');
    expect(receiptOf(meta, null, at('ffffffffffff', 7))).toBe('expired');
  });

  it('is still known of a generation that the log has forgotten with its entries', () => {
    const later: LogMeta = { generations: [{ generation: second, first: 6 }], last: 9, head: 8, life: 'fefefefefefe' };
    expect(receiptOf(later, at(second, 7), at(first, 4))).toBe('delivered');
    expect(receiptOf(later, null, at(first, 4))).toBe('expired');
  });
});
