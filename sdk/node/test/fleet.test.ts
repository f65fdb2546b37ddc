import { describe, expect, test } from '@jest/globals';
import { slotRuns, expandSlots, type ShardMap } from '@flotilla-im/protocol';
import { mapOf, REPORT, setup, startFakeShard } from './setup.ts';

/** The same map with all slots of one shard lent to another. */
function lent(map: ShardMap, from: number, to: number, epoch: number): ShardMap {
  const owner = expandSlots(map.owner).map((shard) => (shard === from ? to : shard));
  return { ...map, epoch, owner: slotRuns(owner) };
}

describe('the fleet', () => {
  test('shows each shard as the map and its own report tell', async () => {
    const { im, store, shard } = await setup();
    await store.map.publish(lent(mapOf(2, 1), 1, 0, 2));
    await store.leases.heartbeat(0, shard.incarnation, { ...REPORT, connections: 7, guests: 3, staying: 1, epoch: 2 });
    const fleet = await im.fleet.current();
    expect(fleet).toMatchObject({ epoch: 2, connections: 7, slotsLent: 2_048, moves: [] });
    expect(fleet.shards).toEqual([
      {
        shard: 0,
        url: 'ws://127.0.0.1:7000/s/0',
        state: 'up',
        report: 'up',
        connections: 7,
        guests: 3,
        staying: 1,
        deliveredPerSecond: null,
        slotsOwned: 4_096,
        slotsHome: 2_048,
        epoch: 2,
        version: '0.1.0',
      },
      expect.objectContaining({ shard: 1, report: null, slotsOwned: 0, slotsHome: 2_048, epoch: null }),
    ]);
  });

  test('shows whose each slot is and who serves it, in runs', async () => {
    const { im, store } = await setup();
    expect(await im.fleet.current()).toMatchObject({ slotOwners: [], slotHomes: [] });
    await store.map.publish(lent(mapOf(2, 1), 1, 0, 2));
    expect(await im.fleet.current()).toMatchObject({ slotOwners: [0, 4_096], slotHomes: [0, 2_048, 1, 2_048] });
  });

  test('counts deliveries a second from what shards report', async () => {
    const { im, store, shard } = await setup();
    await store.map.publish(mapOf(1, 1));
    const beforeMs = performance.now();
    await im.fleet.current();
    const afterMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await store.leases.heartbeat(0, shard.incarnation, { ...REPORT, delivered: 1_000 });
    const shortestMs = performance.now() - afterMs;
    const rate = (await im.fleet.current()).shards[0]?.deliveredPerSecond;
    const longestMs = performance.now() - beforeMs;
    expect(rate).toBeGreaterThanOrEqual(Math.floor(1_000_000 / longestMs));
    expect(rate).toBeLessThanOrEqual(Math.ceil(1_000_000 / shortestMs));
  });

  test('adds up both incarnations of a shard that is being replaced', async () => {
    const { im, store, shard } = await setup();
    await store.map.publish(mapOf(1, 1));
    const next = await startFakeShard(store, 0);
    await store.leases.heartbeat(0, shard.incarnation, { ...REPORT, state: 'draining', connections: 2 });
    await store.leases.heartbeat(0, next.incarnation, { ...REPORT, state: 'up', connections: 3 });
    expect((await im.fleet.current()).shards).toMatchObject([{ report: 'up', connections: 5 }]);
  });

  test('shows a move until the old owner serves by the new map and has nobody left to send away', async () => {
    const { im, store, shard } = await setup();
    await store.map.publish(mapOf(1, 1));
    await im.fleet.current();
    const report = { ...REPORT, connections: 10 };
    await store.map.publish(mapOf(2, 2));
    await store.leases.heartbeat(0, shard.incarnation, report);
    const moves = async () => (await im.fleet.current()).moves;
    expect(await moves()).toEqual([{ from: 0, to: 1, slots: 2_048, guests: 0 }]);
    await store.leases.heartbeat(0, shard.incarnation, { ...report, epoch: 2, guests: 4 });
    expect(await moves()).toEqual([{ from: 0, to: 1, slots: 2_048, guests: 4 }]);
    await store.leases.heartbeat(0, shard.incarnation, { ...report, epoch: 2 });
    expect(await moves()).toEqual([]);
  });

  test('counts no guest that stays as a move that goes on', async () => {
    const { im, store, shard } = await setup();
    await store.map.publish(mapOf(1, 1));
    await im.fleet.current();
    await store.map.publish(mapOf(2, 2));
    const report = { ...REPORT, connections: 10, staying: 4 };
    await store.leases.heartbeat(0, shard.incarnation, { ...report, epoch: 1, guests: 4 });
    const moves = async () => (await im.fleet.current()).moves;
    expect(await moves()).toEqual([{ from: 0, to: 1, slots: 2_048, guests: 0 }]);
    await store.leases.heartbeat(0, shard.incarnation, { ...report, epoch: 2, guests: 6 });
    expect(await moves()).toEqual([{ from: 0, to: 1, slots: 2_048, guests: 2 }]);
    await store.leases.heartbeat(0, shard.incarnation, { ...report, epoch: 2, guests: 4 });
    expect(await moves()).toEqual([]);
    expect((await im.fleet.current()).shards[0]).toMatchObject({ guests: 4, staying: 4 });
  });

  test('forgets a move that is taken back, and one away from a shard that is gone', async () => {
    const { im, store, shard } = await setup();
    const other = await startFakeShard(store, 1);
    await store.map.publish(mapOf(2, 1));
    await im.fleet.current();
    await store.map.publish(lent(mapOf(2, 1), 1, 0, 2));
    await store.leases.heartbeat(1, other.incarnation, { ...REPORT, guests: 5 });
    const moves = async () => (await im.fleet.current()).moves;
    expect(await moves()).toMatchObject([{ from: 1, to: 0, guests: 5 }]);
    await store.leases.release(other.incarnation);
    expect(await moves()).toEqual([]);
    expect(shard.shard).toBe(0);
  });

  test('tells of changes: the first at once, then when something changed, until the signal ends it', async () => {
    const { im, store, shard } = await setup();
    await store.map.publish(mapOf(1, 1));
    const controller = new AbortController();
    const seen: number[] = [];
    for await (const fleet of im.fleet.changes({ signal: controller.signal, intervalMs: 20 })) {
      seen.push(fleet.connections);
      if (seen.length === 1) await store.leases.heartbeat(0, shard.incarnation, { ...REPORT, connections: 4 });
      if (fleet.connections === 4) controller.abort();
    }
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(4);
  });
});
