import { describe, expect, test } from '@jest/globals';
import type { PassReport } from '../../act/reconcile.ts';
import { createScene, servingShard, servingShards } from '../../testing/scene.ts';
import { type MapStatus, nextStatus, parseStatus } from './conditions.ts';

const fine = { failure: null, refusals: [] };

function setup() {
  const scene = createScene();
  scene.see(servingShards(2));
  const rest = { written: null, mirrored: null, desired: 2, frozen: null, waiting: [], storeFailure: null };
  const quiet: PassReport = { ...rest, map: scene.map(), fleetFailure: null };
  scene.see([servingShard(0), servingShard(1, { present: false })]);
  return { quiet, missing: { ...quiet, map: scene.map() } };
}

const conditionOf = (status: MapStatus, wanted: string) => status.conditions.find(({ type }) => type === wanted);

describe('the status of a cluster', () => {
  test('is all true while all is well', () => {
    const { conditions } = nextStatus(null, setup().quiet, fine, 'now');
    expect(conditions.map(({ status }) => status)).toEqual(['True', 'True', 'True', 'True']);
  });

  test('names the shards that are missing, and those that are waited for', () => {
    const { quiet, missing } = setup();
    const away = conditionOf(nextStatus(null, missing, fine, 'now'), 'AllShardsUp');
    expect(away).toMatchObject({ status: 'False', message: 'shard 1 is away' });
    const few = conditionOf(nextStatus(null, { ...quiet, desired: 3 }, fine, 'now'), 'AllShardsUp');
    expect(few).toMatchObject({ status: 'False', reason: 'ShardsPending' });
  });

  test('tells of objects that cannot be written, and of routes that are refused', () => {
    const { quiet } = setup();
    const told = (exposure: typeof fine | object) =>
      conditionOf(nextStatus(null, quiet, { ...fine, ...exposure }, 'now'), 'Exposed')?.reason;
    expect(told({ failure: 'forbidden' })).toBe('WriteFailed');
    expect(told({ refusals: ['route im-s0'] })).toBe('RouteRefused');
  });

  test('keeps the time of a condition until it changes', () => {
    const { quiet, missing } = setup();
    const first = nextStatus(null, quiet, fine, '1');
    expect(nextStatus(first, quiet, fine, '2')).toEqual(first);
    const times = nextStatus(first, missing, fine, '3').conditions.map(({ lastTransitionTime }) => lastTransitionTime);
    expect(times).toEqual(['1', '3', '1', '1']);
  });

  test('tells that nothing is lent, and why', () => {
    const { quiet } = setup();
    const half = nextStatus(null, { ...quiet, frozen: 'half_away' }, fine, 'now');
    expect(conditionOf(half, 'Trusting')).toMatchObject({ status: 'False', reason: 'HalfAway' });
    const away = nextStatus(null, { ...quiet, frozen: 'store_unreachable' }, fine, 'now');
    expect(conditionOf(away, 'Published')).toMatchObject({ status: 'Unknown' });
  });

  test('is read back, and what is no status reads as none', () => {
    const status = nextStatus(null, setup().quiet, fine, 'now');
    expect(parseStatus(JSON.stringify(status))).toEqual(status);
    expect([undefined, '', '{', 'null', '{"conditions":1}'].map(parseStatus)).toEqual([null, null, null, null, null]);
  });
});
