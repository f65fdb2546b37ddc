import { describe, expect, it } from '@jest/globals';
import { LOG_START, type Position } from '@flotilla-im/protocol';
import { Follower } from '../delivery/follower.ts';
import { FakeReceiver } from '../delivery/testing/fake-receiver.ts';
import { followedView } from '../delivery/testing/followed-view.ts';
import { type MarkedPlace, Marks } from './marks.ts';

const at = (offset: number): Position => ({ generation: 'aaaaaaaaaaaa', offset });
const offsets = (places: readonly MarkedPlace[] | null) => places?.map(({ position }) => position.offset);

function setup(followers = 1) {
  const { view } = followedView();
  const all = Array.from({ length: followers }, () => new Follower(view, new FakeReceiver(), LOG_START));
  const marks = new Marks();
  /** As if so many were delivered, the last one to the named follower. */
  const delivered = (count: number, index = 0): number => {
    const follower = all[index];
    if (follower) follower.place = at(count);
    return marks.set(count, all);
  };
  return { marks, delivered, follower: all[0] as Follower };
}

describe('marks', () => {
  it('do not wait for each other, and each confirms what it stands for', () => {
    const { marks, delivered } = setup();
    expect([delivered(3), delivered(5), delivered(5)]).toEqual([3, 5, 0]);
    expect(offsets(marks.confirm(3))).toEqual([3]);
    expect(offsets(marks.confirm(3))).toEqual([]);
    expect(offsets(marks.confirm(5))).toEqual([5]);
  });

  it('are confirmed with those before them, since a peer may answer the last ping only', () => {
    const { marks, delivered } = setup();
    for (const count of [1, 2, 3]) delivered(count);
    expect(offsets(marks.confirm(2))).toEqual([1, 2]);
    expect(offsets(marks.confirm(3))).toEqual([3]);
  });

  it('are refused when they were never set', () => {
    const { marks, delivered } = setup();
    expect(marks.confirm(1)).toBeNull();
    delivered(1);
    expect(marks.confirm(2)).toBeNull();
  });

  it('hold only what moved since the mark before', () => {
    const { marks, delivered } = setup(2);
    delivered(1, 0);
    delivered(2, 1);
    delivered(3, 1);
    expect(offsets(marks.confirm(1))).toEqual([1, 0]);
    expect(offsets(marks.confirm(3))).toEqual([2, 3]);
  });

  it('stand for nothing in a log that jumped', () => {
    const { marks, delivered, follower } = setup();
    delivered(1);
    marks.forget(follower);
    expect(offsets(marks.confirm(1))).toEqual([]);
    delivered(2);
    expect(offsets(marks.confirm(2))).toEqual([2]);
  });

  it('are bounded: a peer that confirms none gets no more of them, until it does', () => {
    const { marks, delivered } = setup();
    for (let count = 1; count <= 256; count++) expect(delivered(count)).toBe(count);
    expect(delivered(257)).toBe(0);
    marks.confirm(1);
    expect(delivered(258)).toBe(258);
  });
});
