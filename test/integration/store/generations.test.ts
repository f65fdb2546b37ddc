import { describe, expect, it } from '@jest/globals';
import { append, connectClient, inbox, listenAs, startOf } from '../../conformance/given.ts';
import { eventually } from '../../support/eventually.ts';
import type { PrivateRedis } from '../redis-harness.ts';
import { useRedis } from './redis-store-setup.ts';

const alice = inbox('alice');
const fixture = useRedis();

describe('a restart of a Redis that writes an append-only file', () => {
  it('begins a new generation and continues the offsets, and positions before it stay good', async () => {
    const redis = await fixture.redis({ appendonly: true });
    const store = await fixture.store(redis.url);
    const before = await append(store, alice);
    await redis.restart();
    const after = await eventually(() => append(store, alice));
    expect(after.position.offset).toBe(2);
    expect(after.position.generation).not.toBe(before.position.generation);
    const slice = await store.logs.read(alice, before.position);
    expect(slice).toMatchObject({ recovered: true, entries: [after.position] });
    expect(slice.meta.generations).toEqual([
      { generation: before.position.generation, first: 1 },
      { generation: after.position.generation, first: 2 },
    ]);
    const all = await store.logs.read(alice, null);
    expect(all.entries.map(({ generation, offset }) => ({ generation, offset }))).toEqual([
      before.position,
      after.position,
    ]);
  });

  it('keeps the tails growing', async () => {
    const redis = await fixture.redis({ appendonly: true });
    const store = await fixture.store(redis.url);
    await connectClient(store, 'alice', 0);
    await append(store, alice);
    const { numbers: before } = await store.logs.tails(0);
    await redis.restart();
    await eventually(() => append(store, alice));
    const { numbers: after } = await store.logs.tails(0);
    expect(after.every((tail, partition) => tail >= (before[partition] ?? 0))).toBe(true);
    expect(after).not.toEqual(before);
  });
});

describe('a replica that takes over without the end of a log', () => {
  async function setup() {
    const master = await fixture.redis();
    const replica = await fixture.redis({ settings: { replicaof: `${master.host} ${master.port}` } });
    await eventually(async () =>
      expect(await replica.command('INFO', 'replication')).toContain('master_link_status:up'),
    );
    const store = await fixture.store(master.url);
    for (let i = 0; i < 7; i++) await append(store, alice, { data: `"kept ${i + 1}"` });
    await eventually(async () => expect(await lastOffset(replica)).toBe('7'));
    // From here on it gets nothing more, as if the master had died before it could send.
    await replica.command('REPLICAOF', 'NO', 'ONE');
    let lost;
    for (let i = 0; i < 3; i++) lost = await append(store, alice, { data: `"lost ${i + 8}"` });
    if (lost === undefined) throw new Error('nothing was lost');
    await master.kill();
    return { store: await fixture.store(replica.url), lost: lost.position };
  }

  it('says so to whoever had read the lost end, before and after it gives out those offsets again', async () => {
    const { store, lost } = await setup();
    const end = { generation: lost.generation, offset: 7 };
    expect(lost.offset).toBe(10);
    expect(await store.logs.read(alice, lost)).toMatchObject({ recovered: false, start: end, entries: [] });
    const fresh = [];
    for (let i = 0; i < 5; i++) fresh.push(await append(store, alice, { data: `"new ${i}"` }));
    expect(fresh.map(({ position }) => position.offset)).toEqual([8, 9, 10, 11, 12]);
    const slice = await store.logs.read(alice, lost);
    expect(slice).toMatchObject({ recovered: false, start: end });
    expect(slice.entries.map(({ data }) => data)).toEqual([0, 1, 2, 3, 4].map((i) => `"new ${i}"`));
  });

  it('serves whoever had not read the lost end as if nothing had happened', async () => {
    const { store, lost } = await setup();
    const fresh = await append(store, alice);
    const slice = await store.logs.read(alice, { generation: lost.generation, offset: 6 });
    expect(slice).toMatchObject({
      recovered: true,
      entries: [{ generation: lost.generation, offset: 7 }, fresh.position],
    });
  });
});

describe('a Redis that was emptied while it ran', () => {
  it('gives everybody what came since, and says that it is not all', async () => {
    const redis = await fixture.redis();
    const store = await fixture.store(redis.url);
    let old;
    for (let i = 0; i < 5; i++) old = await append(store, alice);
    if (old === undefined) throw new Error('nothing was appended');
    await redis.command('FLUSHALL');
    const fresh = await append(store, alice, { data: '"new"' });
    expect(fresh.position.offset).toBe(1);
    expect(fresh.position.generation).not.toBe(old.position.generation);
    const slice = await store.logs.read(alice, old.position);
    expect(slice.recovered).toBe(false);
    expect(slice.entries.map(({ data }) => data)).toEqual(['"new"']);
  });

  it('says so also when a log has passed the offset that somebody came back with', async () => {
    const redis = await fixture.redis();
    const store = await fixture.store(redis.url);
    const old = await append(store, alice);
    await redis.command('FLUSHALL');
    for (let i = 1; i <= 3; i++) await append(store, alice, { data: `"new ${i}"` });
    const slice = await store.logs.read(alice, old.position);
    expect(slice).toMatchObject({ recovered: false, start: await startOf(store, alice) });
    expect(slice.entries.map(({ data }) => data)).toEqual(['"new 1"', '"new 2"', '"new 3"']);
  });

  it('says so to whoever comes back before anything was sent', async () => {
    const redis = await fixture.redis();
    const store = await fixture.store(redis.url);
    const old = await append(store, alice);
    await redis.command('FLUSHALL');
    expect(await store.logs.read(alice, old.position)).toMatchObject({
      recovered: false,
      start: await startOf(store, alice),
    });
  });

  it('is heard by the shards again as soon as they have registered their connections anew', async () => {
    const redis = await fixture.redis();
    const store = await fixture.store(redis.url);
    const heard = await listenAs(store, 0);
    await connectClient(store, 'alice', 0);
    await redis.command('FLUSHALL');
    await connectClient(store, 'alice', 0);
    await append(store, alice);
    await eventually(() => expect(heard.items()).toHaveLength(1));
  });
});

async function lastOffset(redis: PrivateRedis): Promise<unknown> {
  const [meta = ''] = (await redis.command('KEYS', '*:m:alice')) as string[];
  return redis.command('HGET', meta, 'last');
}
