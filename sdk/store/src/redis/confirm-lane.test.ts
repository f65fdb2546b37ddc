import { expect, it } from '@jest/globals';
import { type Confirmation, ConfirmLane } from './confirm-lane.ts';

/** A lane whose questions the test answers. */
function setup(commandTimeoutMs = 2_000) {
  const asked: {
    readonly waitMs: number;
    readonly answer: (found: Confirmation) => void;
    readonly fail: () => void;
  }[] = [];
  const lane = new ConfirmLane(
    (_partition, waitMs) =>
      new Promise((resolve, reject) =>
        asked.push({ waitMs, answer: resolve, fail: () => reject(new Error('connection lost')) }),
      ),
    commandTimeoutMs,
  );
  return { lane, asked };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const met: Confirmation = { master: 'aaaaaa', isMet: true };
const unmet: Confirmation = { master: 'aaaaaa', isMet: false };

it('asks once for all that wait, and once more for those that came meanwhile', async () => {
  const { lane, asked } = setup();
  const settled: number[] = [];
  const confirm = (n: number) => void lane.confirm(0, 'aaaaaa', 1_000).then(() => settled.push(n));
  confirm(1);
  confirm(2);
  await turn();
  confirm(3);
  expect(asked).toHaveLength(1);
  asked[0]?.answer(met);
  await turn();
  expect(settled).toEqual([1, 2]);
  expect(asked).toHaveLength(2);
  asked[1]?.answer(met);
  await turn();
  expect(settled).toEqual([1, 2, 3]);
});

it('asks again until it is so', async () => {
  const { lane, asked } = setup();
  const confirmed = lane.confirm(0, 'aaaaaa', 60_000);
  await turn();
  asked[0]?.answer(unmet);
  await turn();
  asked[1]?.answer(met);
  await expect(confirmed).resolves.toBeUndefined();
});

it('rejects what was not so in time, as retryable', async () => {
  const { lane, asked } = setup();
  const confirmed = lane.confirm(0, 'aaaaaa', 1);
  await turn();
  await new Promise((resolve) => setTimeout(resolve, 5));
  asked[0]?.answer(unmet);
  await expect(confirmed).rejects.toMatchObject({ code: 'unconfirmed', retryable: true });
});

it('takes no answer of another master, whatever it says', async () => {
  const { lane, asked } = setup();
  const confirmed = lane.confirm(0, 'bbbbbb', 1_000);
  await turn();
  asked[0]?.answer(met);
  await expect(confirmed).rejects.toMatchObject({ code: 'store_unavailable' });
});

it('hands a failure to those that were asked for, and goes on', async () => {
  const { lane, asked } = setup();
  const first = lane.confirm(0, 'aaaaaa', 1_000);
  await turn();
  const second = lane.confirm(0, 'aaaaaa', 1_000);
  asked[0]?.fail();
  await expect(first).rejects.toThrow('connection lost');
  await turn();
  asked[1]?.answer(met);
  await expect(second).resolves.toBeUndefined();
});

it('never waits for ever, nor longer than its connection may be silent', async () => {
  const short = setup(300);
  short.lane.confirm(0, 'aaaaaa', 60_000).catch(() => undefined);
  const late = setup();
  late.lane.confirm(0, 'aaaaaa', 0.2).catch(() => undefined);
  await turn();
  expect(short.asked[0]?.waitMs).toBe(75);
  expect(late.asked[0]?.waitMs).toBe(1);
});
