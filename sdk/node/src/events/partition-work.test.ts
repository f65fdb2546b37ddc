import { expect, test } from '@jest/globals';
import type { EventStore, NotifyBus, PartitionLease } from '@flotilla-im/store';
import { SYSTEM_TIMING } from '../calls/timing.ts';
import { PartitionWork } from './partition-work.ts';

const noStop = new AbortController().signal;
const owner = { stream: 'upstream', group: 'g', consumer: 'a' } as const;

/** All of these partitions are leased to whoever asks; hints are given by the test, and pauses counted. */
async function setup(partitions: readonly number[]) {
  const seen = { pauses: 0 };
  let hint: (text: string) => void = () => undefined;
  const leases = partitions.map((partition): PartitionLease => {
    return { stream: 'upstream', group: 'g', partition, token: 1 };
  });
  const events = { lease: () => Promise.resolve(leases), release: () => Promise.resolve() };
  const subscribeHint: NotifyBus['subscribeHint'] = (_topic, handler) => {
    hint = handler;
    return Promise.resolve({ close: () => Promise.resolve() });
  };
  const timing = {
    ...SYSTEM_TIMING,
    wait: (ms: number, signal?: AbortSignal) => {
      seen.pauses += 1;
      return SYSTEM_TIMING.wait(ms, signal);
    },
  };
  const store = { events: events as unknown as EventStore, notify: { subscribeHint } as unknown as NotifyBus };
  const work = new PartitionWork(store, owner, timing, () => undefined);
  await work.start();
  // All are ready after the first lease: they are taken and given back once, so that only hints count from here.
  for (const lease of await Promise.all(partitions.map(() => work.take(noStop)))) await work.finish(lease!, false);
  seen.pauses = 0;
  return { work, seen, hint: (partition: number) => hint(`upstream ${partition}`) };
}

test('a hint wakes one of those who wait, not all of them', async () => {
  const { work, seen, hint } = await setup([1, 2]);
  const takers = Array.from({ length: 8 }, () => work.take(noStop));
  hint(2);
  hint(2);
  await expect(Promise.race(takers)).resolves.toMatchObject({ partition: 2 });
  expect(seen.pauses).toBe(8);
  await work.stop();
});

test('a taker that is stopped as it is woken passes the partition on', async () => {
  const { work, seen, hint } = await setup([1]);
  const stopped = new AbortController();
  const takers = [work.take(stopped.signal), work.take(noStop)];
  hint(1);
  stopped.abort();
  await expect(Promise.all(takers)).resolves.toMatchObject([null, { partition: 1 }]);
  expect(seen.pauses).toBe(2);
  await work.stop();
});

test('each of several partitions that become ready at once has a taker', async () => {
  const { work, hint } = await setup([1, 2, 3]);
  const takers = Array.from({ length: 3 }, () => work.take(noStop));
  for (const partition of [3, 1, 2]) hint(partition);
  const leases = await Promise.all(takers);
  expect(leases.map((lease) => lease?.partition)).toEqual([3, 1, 2]);
  await work.stop();
});

test('a hint that came while its partition was worked on is followed when that is finished', async () => {
  const { work, hint } = await setup([1]);
  hint(1);
  const lease = await work.take(noStop);
  const next = work.take(noStop);
  hint(1);
  await work.finish(lease!, false);
  await expect(next).resolves.toMatchObject({ partition: 1 });
  await work.stop();
});
