import { describe, expect, test } from '@jest/globals';
import type { PassReport } from '../../act/reconcile.ts';
import { withEpoch } from '../../plan/epoch.ts';
import { createScene, servingShards } from '../../testing/scene.ts';
import type { ConfigMapStore } from '../authority/config-map.ts';
import { createConfigMapAuthority, SUMMARY_KEY } from '../authority/config-map-authority.ts';
import { wiredConfigMap } from '../testing/over-the-wire.ts';
import { createStatusKeeper, STATUS_KEY } from './status-keeper.ts';

/** A keeper, the ConfigMap that it writes, and a clock that stands. */
function setup() {
  const world = { data: null as Record<string, string> | null, writes: 0, nowMs: 0 };
  const store: ConfigMapStore = {
    read: () => (world.data === null ? null : wiredConfigMap({ data: world.data })),
    write(data) {
      world.data = { ...world.data, ...data };
      world.writes++;
      return Promise.resolve('written');
    },
    isOwned: () => true,
  };
  const scene = createScene();
  scene.see(servingShards(3));
  const map = scene.map();
  const report = (change: Partial<PassReport> = {}): PassReport => ({
    ...{ map, written: null, mirrored: null, desired: 3, frozen: null, waiting: [] },
    ...{ storeFailure: null, fleetFailure: null, ...change },
  });
  const keeper = createStatusKeeper({
    store,
    nowMs: () => world.nowMs,
    wallTime: () => '2026-01-01T00:00:00.000Z',
    pauseMs: 2_000,
  });
  const keep = (change?: Partial<PassReport>): Promise<void> =>
    keeper.keep(report(change), { failure: null, refusals: [] });
  const writeMap = async (epoch: number): Promise<typeof map> => {
    const next = withEpoch(map, epoch);
    await createConfigMapAuthority(store).write(next, null);
    world.writes = 0;
    return next;
  };
  return { world, keep, writeMap, epoch: map.epoch };
}

describe('the keeper of the status', () => {
  test('writes the status once, and again only when it changes', async () => {
    const { world, keep, writeMap, epoch } = setup();
    await keep();
    expect(world.data).toBeNull();
    await writeMap(epoch);
    await keep();
    expect(world.data?.[STATUS_KEY]).toMatch(/"type":"Published"/u);
    world.nowMs += 2_000;
    await keep();
    expect(world.writes).toBe(1);
    await keep({ desired: 4 });
    expect(world.writes).toBe(2);
  });

  test('says nothing of an older map beneath the one that a pass under way has written', async () => {
    const { world, keep, writeMap, epoch } = setup();
    const next = await writeMap(epoch + 1);
    await keep();
    expect(world.writes).toBe(0);
    expect(world.data?.[SUMMARY_KEY]).toMatch(new RegExp(`^epoch ${epoch + 1}:`, 'u'));
    await keep({ map: next });
    expect(world.data?.[STATUS_KEY]).toMatch(/"type":"Published"/u);
  });

  test('writes what changes to and fro no more than once in the pause', async () => {
    const { world, keep, writeMap, epoch } = setup();
    await writeMap(epoch);
    await keep();
    await keep({ desired: 4 });
    expect(world.writes).toBe(1);
    world.nowMs += 2_000;
    await keep({ desired: 4 });
    expect(world.writes).toBe(2);
  });
});
