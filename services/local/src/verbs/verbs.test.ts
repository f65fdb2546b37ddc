import { afterEach, describe, expect, test } from '@jest/globals';
import { statesOf } from '../testing/states-of.ts';
import { type SmallCluster, startSmallCluster } from '../testing/small-cluster.ts';
import { kill } from './kill.ts';
import { restart } from './restart.ts';
import { scale } from './scale.ts';

const clusters: SmallCluster[] = [];
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.close();
});

async function setup(count: number): Promise<SmallCluster> {
  const cluster = await startSmallCluster(count);
  clusters.push(cluster);
  return cluster;
}

describe('scaling', () => {
  test('up gives the new shards their slots, and tells how many moved', async () => {
    const { verbs, map } = await setup(2);
    const result = await scale(3, verbs);
    expect(result).toMatchObject({ ok: true });
    expect(result.text).toMatch(/^2 shards → 3 in [\d.]+ s: 136\d of 4096 slots moved \(33\.3 %\)\.$/u);
    expect(statesOf(map)).toEqual({ 0: 'up', 1: 'up', 2: 'up' });
  });

  test('down takes the slots away first, and ends the shards then', async () => {
    const { verbs, keeper, said } = await setup(3);
    expect(await scale(1, verbs)).toMatchObject({ ok: true });
    expect(said).toEqual([expect.stringContaining('3 shards → 1')]);
    expect(keeper.ids).toEqual([0]);
  });

  test('to nothing and back works', async () => {
    const { verbs, map, said } = await setup(1);
    await scale(0, verbs);
    expect(said).toEqual([expect.stringMatching(/^1 shard → 0 in [\d.]+ s: no shard is left; messages are kept/u)]);
    expect(map.current()?.home).toEqual([]);
    expect(await scale(1, verbs)).toEqual({
      ok: true,
      text: expect.stringMatching(/^0 shards → 1 in [\d.]+ s: all 4096 slots have an owner again\.$/u),
    });
    expect(statesOf(map)).toEqual({ 0: 'up' });
  });

  test('to what there is does nothing', async () => {
    const { verbs } = await setup(1);
    expect(await scale(1, verbs)).toEqual({ ok: true, text: 'There is 1 shard already.' });
  });

  test('says which shard does not get ready', async () => {
    const { verbs, shards } = await setup(1);
    shards.broken.add(1);
    expect(await scale(2, { ...verbs, mapMs: 300 })).toEqual({
      ok: false,
      text: 'Shard 1 does not get ready within 0 s; see logs/shard-1.log. It is tried further.',
    });
  });
});

describe('restarting', () => {
  test('lends the slots, starts the shard again and brings them home', async () => {
    const { verbs, map, shards, said } = await setup(3);
    const result = await restart(1, verbs);
    expect(result).toEqual({ ok: true, text: expect.stringMatching(/^Shard 1 is back with its 136\d slots/u) });
    expect(said[0]).toMatch(/^Its 136\d slots were lent/u);
    expect(shards.starts.get(1)).toBe(2);
    expect(statesOf(map)).toEqual({ 0: 'up', 1: 'up', 2: 'up' });
  });

  test('of the only shard says that there is nobody to lend to', async () => {
    const { verbs, said } = await setup(1);
    expect(await restart(0, verbs)).toMatchObject({ ok: true });
    expect(said[0]).toContain('Nobody is there to lend its 4096 slots to');
  });

  test('of a shard that is not there says which there are', async () => {
    const { verbs } = await setup(2);
    expect(await restart(7, verbs)).toEqual({ ok: false, text: 'There is no shard 7. There are shards 0, 1.' });
  });
});

describe('killing', () => {
  test('has the slots lent, and home again when the shard is back', async () => {
    const { verbs, events, said } = await setup(3);
    const result = await kill(2, verbs);
    expect(result).toEqual({ ok: true, text: expect.stringMatching(/^Shard 2 is back with its 136\d slots/u) });
    expect(said[0]).toBe('Shard 2 was killed (SIGKILL).');
    expect(events).toContainEqual({ type: 'crashed', id: 2, how: 'was killed (SIGKILL)', retryMs: 500 });
    expect(said.join()).not.toContain('repeatedly');
  });
});
