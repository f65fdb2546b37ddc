import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LifeWatch } from './life-watch.ts';
import { TailPoll } from './tail-poll.ts';
import { TailWatch } from './tail-watch.ts';

interface Setup {
  readonly watch: TailWatch;
  readonly store: { tails: number[]; lives: string[]; changed: number[]; overtaking: () => void };
  readonly reread: number[][];
  readonly lost: number[][];
}

function setup(): Setup {
  const watch = new TailWatch(2);
  const store: Setup['store'] = { tails: [0, 0], lives: ['a', 'b'], changed: [], overtaking: () => {} };
  const reread: number[][] = [];
  const lost: number[][] = [];
  new TailPoll({
    watch,
    lives: new LifeWatch(),
    readTails: () => {
      const { tails: numbers, lives } = store;
      store.overtaking();
      return Promise.resolve({ numbers, lives });
    },
    checkMasters: () => Promise.resolve(new Set(store.changed.splice(0))),
    reread: (partitions) => void reread.push([...partitions]),
    lost: (partitions) => void lost.push([...partitions]),
    setTimer: (run, ms) => setTimeout(run, ms),
  }).start();
  return { watch, store, reread, lost };
}

describe('the poll of tails', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('has a partition read again within a second when a last notify was lost', async () => {
    const { store, reread } = setup();
    store.tails = [1, 0];
    await jest.advanceTimersByTimeAsync(1_000);
    expect(reread).toEqual([[0]]);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(reread).toHaveLength(1);
  });

  it('has a partition read again that has another master, whose numbers may have caught up with the last one', async () => {
    const { watch, store, reread } = setup();
    watch.heard(0, 1);
    watch.heard(0, 3);
    Object.assign(store, { tails: [1, 0], changed: [0] });
    await jest.advanceTimersByTimeAsync(600);
    expect(reread).toEqual([[0]]);
    // What was heard of the last one's third is not his third.
    watch.heard(0, 2);
    store.tails = [3, 0];
    await jest.advanceTimersByTimeAsync(1_000);
    expect(reread).toEqual([[0], [0]]);
  });

  it('says once when the store has lost a partition', async () => {
    const { store, lost } = setup();
    await jest.advanceTimersByTimeAsync(600);
    store.lives = ['a', 'B'];
    await jest.advanceTimersByTimeAsync(5_000);
    expect(lost).toEqual([[1]]);
  });

  it('waits for a notify that is only late', async () => {
    const { watch, store, reread } = setup();
    store.tails = [1, 0];
    await jest.advanceTimersByTimeAsync(600);
    watch.heard(0, 1);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(reread).toEqual([]);
  });

  it('waits for as long as a partition gets on', async () => {
    const { watch, store, reread } = setup();
    store.tails = [10, 0];
    await jest.advanceTimersByTimeAsync(600);
    for (let tail = 1; tail <= 10; tail++) {
      watch.heard(0, tail);
      await jest.advanceTimersByTimeAsync(200);
    }
    expect(reread).toEqual([]);
  });

  it('has it read again once it got stuck', async () => {
    const { watch, store, reread } = setup();
    store.tails = [10, 0];
    await jest.advanceTimersByTimeAsync(600);
    watch.heard(0, 1);
    watch.heard(0, 3);
    await jest.advanceTimersByTimeAsync(600);
    expect(reread).toEqual([[0]]);
  });

  it('has a partition read again at once whose end the store lost', async () => {
    const { watch, store, reread } = setup();
    watch.heard(1, 1);
    watch.heard(1, 2);
    store.tails = [0, 1];
    await jest.advanceTimersByTimeAsync(500);
    expect(reread).toEqual([[1]]);
  });

  it('takes no notify that overtook the answer for a lost end', async () => {
    const { watch, store, reread } = setup();
    store.overtaking = () => {
      watch.heard(0, 1);
      watch.heard(0, 2);
    };
    store.tails = [1, 0];
    await jest.advanceTimersByTimeAsync(500);
    expect(reread).toEqual([]);
  });
});
