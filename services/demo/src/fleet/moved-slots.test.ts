import { describe, expect, it } from '@jest/globals';
import { movedSlots } from './moved-slots.ts';

describe('what moved between two pictures', () => {
  it('is counted by old and new owner, largest first', () => {
    expect(movedSlots([0, 0, 1, 1, 1], [0, 2, 2, 2, 1])).toEqual([
      { from: 1, to: 2, slots: 2 },
      { from: 0, to: 2, slots: 1 },
    ]);
  });

  it('is nothing when no owner changed', () => {
    expect(movedSlots([0, 1], [0, 1])).toEqual([]);
  });

  it('comes from nobody where nobody served, and goes to nobody where nobody does', () => {
    expect(movedSlots([], [0, 0])).toEqual([{ from: null, to: 0, slots: 2 }]);
    expect(movedSlots([3, 3], [])).toEqual([{ from: 3, to: null, slots: 2 }]);
  });
});
