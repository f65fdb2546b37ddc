import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { electionTimes, type Elector, startElector } from './elector.ts';
import type { LeaseDraft, LeaseRecord, LeaseStore } from './lease-store.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

interface FakeLease extends LeaseStore {
  record: LeaseRecord | null;
  isReachable: boolean;
  hangs: boolean;
  writes: number;
}

function createFakeLease(): FakeLease {
  let version = 0;
  const lease: FakeLease = {
    record: null,
    isReachable: true,
    hangs: false,
    writes: 0,
    read: () => reach(() => lease.record),
    write: (draft: LeaseDraft, expected) =>
      reach(() => {
        if ((lease.record?.version ?? null) !== expected) return 'conflict';
        version += 1;
        lease.writes += 1;
        lease.record = { ...draft, version: String(version) };
        return lease.record;
      }),
  };
  const reach = <T>(answer: () => T): Promise<T> => {
    if (lease.hangs) return new Promise(() => undefined);
    return lease.isReachable ? Promise.resolve(answer()) : Promise.reject(new Error('away'));
  };
  return lease;
}

interface Candidate {
  readonly elector: Elector;
  readonly heard: string[];
}

/** Lease of 15 s, renew deadline 10 s, retry 2 s. `stand` puts up a candidate whose wall clock is off by so much. */
function setup() {
  const lease = createFakeLease();
  const startedMs = Date.now();
  const stand = (identity: string, clockOffMs = 0, leases: LeaseStore = lease): Candidate => {
    const heard: string[] = [];
    const elector = startElector({
      leases,
      times: electionTimes(15_000),
      identity,
      nowMs: () => Date.now() - startedMs,
      wallTime: () => new Date(Date.now() + clockOffMs).toISOString(),
      random: () => 0,
      onLeading: () => heard.push('leading'),
      onLost: () => heard.push('lost'),
      onFailure: () => heard.push('failure'),
    });
    return { elector, heard };
  };
  return { lease, stand };
}

describe('the election', () => {
  test('the first one leads and renews each two seconds', async () => {
    const { lease, stand } = setup();
    const { elector, heard } = stand('a');
    await pass(10_000);
    expect(elector.isLeading()).toBe(true);
    expect(heard).toEqual(['leading']);
    expect(lease.writes).toBe(6);
  });

  test('nobody takes over while the holder renews, however wrong its clock is', async () => {
    const { stand } = setup();
    const a = stand('a', -3_600_000);
    await pass(1_000);
    const b = stand('b', 3_600_000);
    await pass(120_000);
    expect([a.elector.isLeading(), b.elector.isLeading()]).toEqual([true, false]);
  });

  test('a Lease that nobody renews is taken after it was seen unchanged for its duration, and not before', async () => {
    const { lease, stand } = setup();
    const text = new Date(0).toISOString();
    const record = { holder: 'dead', durationMs: 15_000, transitions: 4, renewedAt: text, acquiredAt: text };
    lease.record = { ...record, version: 'old' };
    const b = stand('b');
    await pass(14_000);
    expect(b.elector.isLeading()).toBe(false);
    await pass(3_000);
    expect(b.elector.isLeading()).toBe(true);
    expect(lease.record).toMatchObject({ holder: 'b', transitions: 5 });
  });

  test('a leader that cannot renew stops before others may begin, and says so once', async () => {
    const { lease, stand } = setup();
    const a = stand('a');
    await pass(4_500);
    lease.isReachable = false;
    await pass(9_000);
    expect(a.elector.isLeading()).toBe(true);
    await pass(1_500);
    expect(a.elector.isLeading()).toBe(false);
    await pass(60_000);
    expect(a.heard).toEqual(['leading', 'failure', 'lost']);
  });

  test('a leader whose renewal hangs leads no more when its time is over', async () => {
    const { lease, stand } = setup();
    const a = stand('a');
    await pass(4_500);
    lease.hangs = true;
    await pass(10_000);
    expect(a.elector.isLeading()).toBe(false);
  });

  test('a renewal counts from its beginning, since others may have seen it by then', async () => {
    const { lease, stand } = setup();
    const slow: LeaseStore = {
      read: () => lease.read(),
      write: (draft, version) =>
        new Promise((resolve) => setTimeout(() => resolve(lease.write(draft, version)), 4_000)),
    };
    const a = stand('a', 0, slow);
    await pass(4_100);
    expect(a.elector.isLeading()).toBe(true);
    lease.isReachable = false;
    await pass(6_000);
    expect(a.elector.isLeading()).toBe(false);
    await a.elector.close().catch(() => undefined);
  });

  test('of two that take the Lease at once, one does', async () => {
    const { stand } = setup();
    const all = ['a', 'b', 'c'].map((identity) => stand(identity));
    await pass(30_000);
    expect(all.filter(({ elector }) => elector.isLeading())).toHaveLength(1);
  });

  test('a leader that closes gives the Lease back, and another one has it at its next attempt', async () => {
    const { lease, stand } = setup();
    const a = stand('a');
    await pass(1_000);
    const b = stand('b');
    await pass(3_000);
    await a.elector.close();
    expect(a.elector.isLeading()).toBe(false);
    expect(lease.record).toMatchObject({ holder: '' });
    await pass(2_000);
    expect(b.elector.isLeading()).toBe(true);
  });

  test('a leader whose Lease was taken by hand leads no more', async () => {
    const { lease, stand } = setup();
    const a = stand('a');
    await pass(3_000);
    lease.record = { ...lease.record!, holder: 'x', version: 'x' };
    await pass(2_500);
    expect(a.elector.isLeading()).toBe(false);
    expect(a.heard).toEqual(['leading', 'lost']);
  });

  test('a leader whose Lease was deleted makes it anew', async () => {
    const { lease, stand } = setup();
    const a = stand('a');
    await pass(3_000);
    lease.record = null;
    await pass(2_500);
    expect(a.elector.isLeading()).toBe(true);
    expect(lease.record).toMatchObject({ holder: 'a' });
  });
});
