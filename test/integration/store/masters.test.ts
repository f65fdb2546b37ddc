import { expect, it } from '@jest/globals';
import { append, inbox } from '../../conformance/given.ts';
import { partitionOf } from '../../../sdk/store/src/partition.ts';
import { masterOf } from '../../../sdk/store/src/generation.ts';
import { startRedisCluster } from '../redis-cluster-harness.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();

it('the masters of a cluster are those that give out its generations, each of its own partitions', async () => {
  const cluster = await startRedisCluster({ settings: { 'enable-debug-command': 'yes' } });
  fixture.later(() => cluster.stop());
  const store = await fixture.store(cluster.url);
  const before = await store.logs.masters();
  expect(new Set(before).size).toBe(3);
  for (let i = 0; i < 100; i++) {
    const { position } = await append(store, inbox(`client-${i}`));
    expect(before[partitionOf(`client-${i}`)]).toBe(masterOf(position.generation));
  }
  await cluster.masters[1]!.command('DEBUG', 'CHANGE-REPL-ID');
  const after = await store.logs.masters();
  const changed = after.flatMap((master, partition) => (master === before[partition] ? [] : [partition]));
  expect(changed.length).toBeGreaterThan(80);
  expect(new Set(changed.map((partition) => before[partition])).size).toBe(1);
  await cluster.masters[1]!.kill();
  const without = await store.logs.masters();
  expect(without.flatMap((master, partition) => (master === '' ? [partition] : []))).toEqual(changed);
});
