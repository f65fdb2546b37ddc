import { afterEach, expect, test } from '@jest/globals';
import { createFlotilla, type Flotilla, type FlotillaOptions } from '@flotilla-im/sdk';
import { eventually } from '../../support/eventually.ts';
import { startRedisCluster } from '../redis-cluster-harness.ts';
import { type PrivateRedis, type RedisOptions, startRedis } from '../redis-harness.ts';
import { startSentinel } from '../sentinel-harness.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A replica acknowledges when it hears something: a ping comes every second, not every ten. */
const PINGS = { 'repl-ping-replica-period': '1' };

async function redisServer({ settings, ...options }: RedisOptions = {}): Promise<PrivateRedis> {
  const redis = await startRedis({ ...options, settings: { ...PINGS, ...settings } });
  ends.unshift(() => redis.stop());
  return redis;
}

async function replicaOf(master: PrivateRedis): Promise<PrivateRedis> {
  const replica = await redisServer({ settings: { replicaof: `${master.host} ${master.port}` } });
  await attached(replica, master);
  return replica;
}

/** A master counts a replica from its first acknowledgement on. */
async function attached({ port }: PrivateRedis, master: PrivateRedis): Promise<void> {
  const online = new RegExp(`port=${port},state=online,offset=[1-9]`, 'u');
  await eventually(async () => expect(await master.command('INFO', 'replication')).toMatch(online));
}

/** What is to be confirmed has time enough; what cannot be is given `SOON`. */
const DURABILITY = { replicas: 1, timeoutMs: 20_000 };
const SOON = { ...DURABILITY, timeoutMs: 300 };

async function flotilla(redis: string, options: Partial<FlotillaOptions> = {}): Promise<Flotilla> {
  const im = await createFlotilla({ redis, durability: DURABILITY, deadlineMs: 40_000, ...options });
  ends.unshift(() => im.close());
  return im;
}

async function inboxOf(im: Flotilla, clientId: string): Promise<unknown[]> {
  const data: unknown[] = [];
  for await (const message of im.history.inbox(clientId)) data.push(message.data);
  return data;
}

const message = { from: 'bob', to: 'alice', data: 'hi', key: 'k' };

async function callsOf(redis: PrivateRedis, command: string): Promise<number> {
  const stats = String(await redis.command('INFO', 'commandstats'));
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`, 'u').exec(stats)?.[1] ?? 0);
}

async function length(redis: PrivateRedis, pattern: string): Promise<number> {
  const keys = (await redis.command('KEYS', pattern)) as string[];
  return keys[0] === undefined ? 0 : Number(await redis.command('LLEN', keys[0]));
}

test('a send resolves when a replica has the message', async () => {
  const master = await redisServer();
  const replica = await replicaOf(master);
  const im = await flotilla(master.url);
  for (let n = 1; n <= 20; n++) {
    await im.send({ ...message, key: String(n) });
    expect(await length(replica, '*:l:alice')).toBe(n);
  }
});

test('a replica that does not answer rejects the send; when it is back the same key completes it, once', async () => {
  const master = await redisServer();
  const replica = await replicaOf(master);
  const im = await flotilla(master.url);
  await im.send({ ...message, key: 'before' });
  replica.pause();
  const rejected = { code: 'unconfirmed', retryable: true, outcomes: [{ clientId: 'alice', outcome: 'failed' }] };
  await expect(im.send({ ...message, durability: SOON })).rejects.toMatchObject(rejected);
  // An instance whose connections have written nothing must not be told that everything is replicated.
  const other = await flotilla(master.url, { durability: SOON });
  await expect(other.send(message)).rejects.toMatchObject(rejected);
  replica.resume();
  const { outcomes } = await im.send(message);
  expect(outcomes).toMatchObject([{ outcome: 'duplicate' }]);
  expect(await inboxOf(im, 'alice')).toEqual(['hi', 'hi']);
  expect(await length(replica, '*:l:alice')).toBe(2);
});

test('while a send waits for a replica, others that ask for less do not', async () => {
  const master = await redisServer();
  const replica = await replicaOf(master);
  const im = await flotilla(master.url, { durability: { replicas: 1, timeoutMs: 60_000 }, deadlineMs: 60_000 });
  replica.pause();
  const waiting = im.send(message);
  for (let n = 0; n < 50; n++) await im.send({ from: 'bob', to: 'alice', data: n, durability: {} });
  replica.resume();
  await waiting;
  expect(await inboxOf(im, 'alice')).toEqual(['hi', ...Array(50).keys()]);
});

test('sends that are made together wait together', async () => {
  const master = await redisServer();
  await replicaOf(master);
  const im = await flotilla(master.url);
  await im.send(message);
  const before = await callsOf(master, 'wait');
  await Promise.all(Array.from({ length: 500 }, (_, n) => im.send({ from: null, to: `client-${n}`, data: n })));
  expect((await callsOf(master, 'wait')) - before).toBeLessThan(50);
});

test('what this Redis cannot confirm is refused, never passed over', async () => {
  const plain = await redisServer();
  const saving = await redisServer({ appendonly: true });
  const refused = { code: 'store_unsupported', retryable: false };
  const im = await flotilla(plain.url, { durability: { fsync: true } });
  await expect(im.send(message)).rejects.toMatchObject(refused);
  const info = String(await saving.command('INFO', 'server'));
  const [major = 0, minor = 0] = (/redis_version:(\S+)/u.exec(info)?.[1] ?? '').split('.').map(Number);
  const other = await flotilla(saving.url, { durability: { fsync: true } });
  if (major > 7 || (major === 7 && minor >= 2)) await other.send(message);
  else await expect(other.send(message)).rejects.toMatchObject(refused);
});

test('on a cluster each master waits for its own replicas', async () => {
  const cluster = await startRedisCluster({ settings: PINGS });
  ends.unshift(() => cluster.stop());
  const [first] = cluster.masters;
  if (first === undefined) throw new Error('no master');
  const replica = await redisServer({ settings: { 'cluster-enabled': 'yes', 'cluster-node-timeout': '10000' } });
  await replica.command('CLUSTER', 'MEET', first.host, String(first.port));
  const id = String(await first.command('CLUSTER', 'MYID'));
  await eventually(async () => expect(await replica.command('CLUSTER', 'REPLICATE', id)).toBe('OK'));
  await attached(replica, first);
  // Those on the other masters wait for all of it.
  const im = await flotilla(cluster.url, { durability: { replicas: 1, timeoutMs: 4_000 } });
  const receivers = Array.from({ length: 60 }, (_, n) => `client-${n}`);
  const sent = await Promise.allSettled(receivers.map((to) => im.send({ from: null, to, data: 1 })));
  const onFirst = await Promise.all(receivers.map((to) => isOn(first, to)));
  expect(sent.map(({ status }) => status === 'fulfilled')).toEqual(onFirst);
  expect(new Set(onFirst).size).toBe(2);
  for (const one of sent) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'unconfirmed' });
});

async function isOn(master: PrivateRedis, clientId: string): Promise<boolean> {
  return ((await master.command('KEYS', `*:l:${clientId}`)) as string[]).length === 1;
}

test('a failover loses nothing that was accepted, and the same keys complete the rest', async () => {
  const master = await redisServer();
  const replica = await replicaOf(master);
  const sentinel = await startSentinel(master);
  ends.unshift(sentinel.stop);
  await eventually(async () => expect(await sentinel.replicas()).toBe(1));
  const im = await flotilla(sentinel.url);
  const accepted: number[] = [];
  const rejected: { readonly n: number; readonly error: unknown }[] = [];
  const send = (n: number, durability = DURABILITY) =>
    im.send({ from: 'bob', to: 'alice', data: n, key: String(n), durability });
  const sending: Promise<unknown>[] = [];
  const track = (n: number, durability = SOON): void => {
    const settled = send(n, durability).then(
      () => accepted.push(n),
      (error: unknown) => rejected.push({ n, error }),
    );
    sending.push(settled);
  };
  for (let n = 0; n < 100; n++) track(n, DURABILITY);
  await Promise.all(sending);
  for (let n = 100; n < 200; n++) track(n);
  await sending[100];
  for (let n = 200; n < 260; n++) track(n);
  const killed = master.kill();
  for (let n = 260; n < 300; n++) track(n);
  await killed;
  await sentinel.failover();
  await Promise.all(sending);
  await eventually(async () => expect(await replica.command('ROLE')).toContain('master'));
  expect(accepted.length).toBeGreaterThanOrEqual(100);
  expect(rejected.length).toBeGreaterThan(0);
  expect(await inboxOf(im, 'alice')).toEqual(expect.arrayContaining(accepted));
  for (const { error } of rejected) expect(error).toMatchObject({ retryable: true });
  await replicaOf(replica);
  // Retryable as long as the new replica is not in step: the same key completes it, and doubles nothing.
  for (const { n } of rejected) await eventually(() => send(n));
  const all = (await inboxOf(im, 'alice')) as number[];
  expect(all.toSorted((a, b) => a - b)).toEqual([...Array(300).keys()]);
}, 150_000);
