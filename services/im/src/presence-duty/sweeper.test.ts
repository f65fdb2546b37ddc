import { describe, expect, it } from '@jest/globals';
import type { Lease } from '@flotilla-im/store';
import { Sweeper, type SweeperDeps } from './sweeper.ts';

function setup() {
  const clock = { ms: 0 };
  const state = {
    leases: [] as Lease[],
    incarnations: [] as string[],
    isHolder: true,
    healthySinceMs: 0,
    refusedAtMs: 0,
  };
  const done = { reaped: [] as string[], released: [] as string[], sweeps: 0 };
  const sweeper = new Sweeper({
    store: {
      leases: {
        list: () => Promise.resolve(state.leases),
        holdSweep: () => Promise.resolve(state.isHolder),
        release: (incarnation: string) => {
          done.released.push(incarnation);
          state.leases = state.leases.filter((lease) => lease.incarnation !== incarnation);
          return Promise.resolve();
        },
      },
      health: () => ({ isHealthy: true, sinceMs: state.healthySinceMs }),
    } as unknown as SweeperDeps['store'],
    presence: {
      reap: (incarnation) => {
        done.reaped.push(incarnation);
        return Promise.resolve(1);
      },
      sweep: () => Promise.resolve((done.sweeps += 1)),
      incarnations: () => Promise.resolve(state.incarnations),
    },
    holder: () => 'me',
    refusedAtMs: () => state.refusedAtMs,
    leaseMs: 2_000,
    graceMs: 10_000,
    nowMs: () => clock.ms,
    onReaped: () => undefined,
    onFailure: (error) => {
      throw error;
    },
  });
  const lease = (incarnation: string, counter: number) => ({ incarnation, counter, shard: 1 }) as Lease;
  const after = async (ms: number, leases: Lease[] = state.leases): Promise<void> => {
    clock.ms += ms;
    state.leases = leases;
    await sweeper.sweep();
  };
  return { state, done, lease, after };
}

describe('the sweeper', () => {
  it('reaps an incarnation whose counter stood still for the lease, then takes its lease away', async () => {
    const { done, lease, after } = setup();
    await after(0, [lease('dead', 1), lease('alive', 1)]);
    await after(1_999, [lease('dead', 1), lease('alive', 2)]);
    expect(done.reaped).toEqual([]);
    await after(2, [lease('dead', 1), lease('alive', 3)]);
    expect(done.reaped).toEqual(['dead']);
    expect(done.released).toEqual(['dead']);
  });

  it('blames no shard for the time in which it could not see the store itself', async () => {
    const { state, done, lease, after } = setup();
    await after(0, [lease('a', 1)]);
    state.healthySinceMs = 5_000;
    await after(5_500, [lease('a', 1)]);
    expect(done.reaped).toEqual([]);
    for (let looks = 0; looks < 4; looks++) await after(500);
    expect(done.reaped).toEqual(['a']);
  });

  it('blames no shard for the time in which the store took no writes, and the dead for what comes after it', async () => {
    const { state, done, lease, after } = setup();
    for (let looks = 0; looks < 14; looks++) {
      state.refusedAtMs = looks * 500;
      await after(500, [lease('alive', 1), lease('dead', 1)]);
    }
    expect(done.reaped).toEqual([]);
    for (let looks = 2; looks < 6; looks++) await after(500, [lease('alive', looks), lease('dead', 1)]);
    expect(done.reaped).toEqual(['dead']);
  });

  it('takes nobody for dead by a look that came late itself, as it does where one machine is the machine of all', async () => {
    const { done, lease, after } = setup();
    for (let looks = 0; looks < 3; looks++) await after(500, [lease('a', looks)]);
    await after(2_700);
    expect(done.reaped).toEqual([]);
    await after(500, [lease('a', 3)]);
    expect(done.reaped).toEqual([]);
  });

  it('notices the dead although all of its looks are late', async () => {
    const { done, lease, after } = setup();
    for (let looks = 0; looks < 5; looks++) await after(1_000, [lease('a', 1)]);
    expect(done.reaped).toEqual(['a']);
  });

  it('leaves it to the pod that holds the right, and takes over with what it saw meanwhile', async () => {
    const { state, done, lease, after } = setup();
    state.isHolder = false;
    await after(0, [lease('dead', 1)]);
    await after(2_500);
    expect(done).toEqual({ reaped: [], released: [], sweeps: 0 });
    state.isHolder = true;
    await after(1_000);
    expect(done.reaped).toEqual(['dead']);
  });

  it('reaps what has no lease at all, once it has had none for a while', async () => {
    const { state, done, after } = setup();
    state.incarnations = ['orphan'];
    await after(0);
    expect(done.reaped).toEqual([]);
    await after(10_000);
    expect(done.reaped).toEqual(['orphan']);
  });

  it('ends graces once a second', async () => {
    const { done, after } = setup();
    for (let i = 0; i < 5; i++) await after(500);
    expect(done.sweeps).toBe(3);
  });
});
