import { afterEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { PassReport } from '../act/reconcile.ts';
import type { Fleet } from '../observe/fleet-source.ts';
import { createScene, servingShards } from '../testing/scene.ts';
import { type Caretaker, startCaretaker } from './caretaker.ts';

const open: Caretaker[] = [];
afterEach(async () => {
  for (const caretaker of open.splice(0)) await caretaker.close();
});

/** A caretaker of three shards of the map; it notes for whom it wanted objects, and which failures it told. */
function setup(change: { isLeading?: boolean; podIds?: number[]; settle?: () => Promise<void> } = {}) {
  const settled: number[][] = [];
  const told: (string | null)[] = [];
  const world = { fleet: { desired: 2, firstId: 0, shards: [] } as Fleet | null };
  const caretaker = startCaretaker({
    isLeading: () => change.isLeading ?? true,
    readFleet: () => (world.fleet === null ? Promise.reject(new Error('unknown')) : Promise.resolve(world.fleet)),
    set: () => null,
    podIds: () => change.podIds ?? [],
    mappedShards: () => 3,
    scaler: { start: () => Promise.resolve() },
    exposer: {
      isExposed: () => true,
      settle(wanted) {
        settled.push([...wanted].sort());
        return change.settle?.() ?? Promise.resolve();
      },
      refusals: () => [],
    },
    status: {
      keep(_, { failure }) {
        told.push(failure);
        return Promise.resolve();
      },
    },
    logger: pino({ level: 'silent' }),
    random: () => 0,
  });
  open.push(caretaker);
  const scene = createScene();
  scene.see(servingShards(3));
  const rest = { written: null, mirrored: null, desired: 2, frozen: null, waiting: [], storeFailure: null };
  const report: PassReport = { ...rest, map: scene.map(), fleetFailure: null };
  return { caretaker, settled, told, world, report };
}

const passes = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

describe('the caretaker', () => {
  test('wants objects for shards that are wanted, that the map names, and whose pods are still there', async () => {
    const { caretaker, settled, report } = setup({ podIds: [4] });
    caretaker.passed(report);
    await passes();
    expect(settled[0]).toEqual([0, 1, 2, 4]);
  });

  test('does nothing before the first pass, and nothing while another operator leads', async () => {
    const early = setup();
    const standby = setup({ isLeading: false });
    standby.caretaker.passed(standby.report);
    await passes();
    expect([early.settled, standby.settled]).toEqual([[], []]);
  });

  test('removes nothing by what may be outdated', async () => {
    const { caretaker, settled, world, report } = setup();
    world.fleet = null;
    caretaker.passed(report);
    await passes();
    expect(settled).toEqual([]);
  });

  test('tells of what cannot be written', async () => {
    const failures = [new Error('services are forbidden'), new Error('services are forbidden'), new Error('no')];
    const { caretaker, told, report } = setup({ settle: () => Promise.reject(new AggregateError(failures)) });
    caretaker.passed(report);
    await passes();
    expect(told[0]).toBe('services are forbidden; no');
  });
});
