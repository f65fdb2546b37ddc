import { describe, expect, test } from '@jest/globals';
import { homeTable, slotRuns } from '@flotilla-im/protocol';
import { createMemoryAuthority } from '../local/memory-authority.ts';
import { createMemoryFleet } from '../local/memory-fleet.ts';
import { Heartbeats } from '../observe/heartbeats.ts';
import { PLAN_DEFAULTS } from '../plan/options.ts';
import { withEpoch } from '../plan/epoch.ts';
import { createFakeObserver, createFakeState, leaseOf } from '../testing/fake-state.ts';
import { servingShards } from '../testing/scene.ts';
import { createReconciler, type PassReport } from './reconcile.ts';

/** An operator over three shards that beat each quarter of a second; `pass` lets that long go by. */
function setup(authority = createMemoryAuthority(), store = createFakeState()) {
  const fleet = createMemoryFleet({ desired: 3, firstId: 0, shards: servingShards(3) });
  const heartbeats = new Heartbeats(createFakeObserver(), 2_000);
  let nowMs = 0;
  const deps = {
    fleet,
    authority,
    store,
    heartbeats,
    nowMs: () => nowMs,
    options: PLAN_DEFAULTS,
    takeOverPauseMs: 5_000,
  };
  const reconciler = createReconciler(deps);
  const pass = async (): Promise<PassReport | null> => {
    nowMs += 250;
    store.leaseList = [0, 1, 2].map((shard) => leaseOf(shard, nowMs));
    return reconciler.pass();
  };
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) await pass();
  };
  return { fleet, authority, store, pass, settle };
}

const epochOf = async (authority: ReturnType<typeof createMemoryAuthority>): Promise<number | undefined> =>
  (await authority.read())?.map?.epoch;

describe('reconciling', () => {
  test('mints the map at the authority and gives it to the store', async () => {
    const { authority, store, settle } = setup();
    await settle();
    expect(store.mirror).toMatchObject({ epoch: 2, owner: slotRuns(homeTable(3)) });
    expect((await authority.read())?.map).toEqual(store.mirror);
  });

  test('writes nothing while nothing happens', async () => {
    const { store, settle, pass } = setup();
    await settle();
    const before = store.counts.published;
    const reports = [await pass(), await pass(), await pass()];
    expect(reports).toEqual(reports.map(() => expect.objectContaining({ written: null, mirrored: null })));
    expect(store.counts.published).toBe(before);
  });

  test('gives a store that lost everything the same map under the same epoch', async () => {
    const { store, settle, pass } = setup();
    await settle();
    const before = store.mirror;
    store.mirror = null;
    expect(await pass()).toMatchObject({ written: null, mirrored: 'published' });
    expect(store.mirror).toEqual(before);
  });

  test('leaves everything as it is while the store is away', async () => {
    const { authority, store, fleet, settle, pass } = setup();
    await settle();
    store.isReachable = false;
    fleet.set({ desired: 1, firstId: 0, shards: [] });
    expect(await pass()).toMatchObject({ written: null, mirrored: null, frozen: 'store_unreachable' });
    expect(await epochOf(authority)).toBe(2);
  });

  test('a store that goes away while the map is on its way fails nothing, and has the map once it is back', async () => {
    const { store, fleet, settle, pass } = setup();
    await settle();
    const publish = store.map.publish.bind(store.map);
    store.map.publish = (map) => {
      store.isReachable = false;
      return publish(map);
    };
    fleet.set({ desired: 2, firstId: 0, shards: servingShards(3) });
    expect(await pass()).toMatchObject({ map: { epoch: 3 }, written: { how: 'authority' }, mirrored: null });
    Object.assign(store, { isReachable: true });
    store.map.publish = publish;
    expect(await pass()).toMatchObject({ written: null, mirrored: 'published' });
  });

  test('says conflict when another operator wrote between reading and writing, and takes up its map next time', async () => {
    const authority = createMemoryAuthority();
    const { store, pass, settle } = setup(authority);
    await settle();
    const other = setup(authority, store);
    const slow = { ...authority, write: () => Promise.resolve('conflict' as const) };
    const loser = setup(slow, store);
    loser.fleet.set({ desired: 2, firstId: 0, shards: servingShards(3) });
    expect(await loser.pass()).toBeNull();
    await other.settle();
    expect(await pass()).toMatchObject({ written: null });
    expect(await epochOf(authority)).toBe(2);
  });

  test('a new operator puts the store’s map back into an authority that has none', async () => {
    const { store, settle } = setup();
    await settle();
    const next = setup(createMemoryAuthority(), store);
    expect(await next.pass()).toMatchObject({ written: { before: null, how: 'adopted' } });
    expect((await next.authority.read())?.map).toEqual(store.mirror);
  });

  test('goes on above a store that is ahead, but takes over once in five seconds only', async () => {
    const { store, settle, pass } = setup();
    await settle();
    store.mirror = withEpoch(store.mirror!, 40);
    expect(await pass()).toMatchObject({ map: { epoch: 41 }, written: { how: 'taken_over' }, mirrored: 'published' });
    store.mirror = withEpoch(store.mirror, 50);
    expect(await pass()).toMatchObject({ map: { epoch: 41 }, written: null, mirrored: 'stale' });
    for (let i = 0; i < 20; i++) await pass();
    expect(store.mirror.epoch).toBe(51);
  });
});
