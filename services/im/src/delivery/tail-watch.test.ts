import { describe, expect, it } from '@jest/globals';
import { TailWatch } from './tail-watch.ts';

function setup(...tails: number[]): TailWatch {
  const watch = new TailWatch(2);
  for (const tail of tails) watch.heard(0, tail);
  return watch;
}

describe('the watch of tails', () => {
  it('misses nothing when all numbers came, in whatever order and how often', () => {
    expect(setup(2, 1, 3, 3, 5, 4).compare([5, 0])).toEqual({ behind: [], fallen: [] });
  });

  it('is behind when the last number has not come', () => {
    expect(setup(1, 2).compare([3, 0])).toEqual({ behind: [0], fallen: [] });
  });

  it('is behind when one in between has not come, although the last one has', () => {
    expect(setup(1, 3).compare([3, 0])).toEqual({ behind: [0], fallen: [] });
  });

  it('says that the store lost its end when its number is lower than what came', () => {
    expect(setup(1, 2, 3).compare([2, 0])).toEqual({ behind: [], fallen: [0] });
  });

  it('takes a reread for what it stands for, and goes on from there', () => {
    const watch = setup(1, 5, 7);
    watch.settle(0, 5);
    expect(watch.compare([5, 0]).behind).toEqual([]);
    watch.heard(0, 6);
    expect(watch.reached(0)).toBe(7);
  });

  it('stays bounded while a number is missing for ever', () => {
    const watch = setup();
    for (let tail = 2; tail < 20_000; tail++) watch.heard(0, tail);
    expect(watch.compare([19_999, 0]).behind).toEqual([0]);
    watch.settle(0, 19_999);
    watch.heard(0, 20_000);
    expect(watch.compare([20_000, 0]).behind).toEqual([]);
  });
});
