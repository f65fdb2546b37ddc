import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRedisStore, partitionOf, type Store } from '@flotilla-im/store';
import { createRedisChannelStore } from '../../sdk/store/src/redis-channels.ts';
import { compileStateOptions } from '../../sdk/store/src/state-options.ts';
import { createKeys } from '../../sdk/store/src/keys.ts';
import { openRedisConnection, type RedisConnection } from '../../sdk/store/src/redis/connection.ts';
import { parseRedisUrl } from '../../sdk/store/src/redis/url.ts';
import { type PrivateRedis, startRedis } from '../integration/redis-harness.ts';
import { append, connect } from './arrivals.ts';

/** A process that makes single steps of a join or leave and dies between them. */
function crasher(connection: RedisConnection, channel: string, clientId: string) {
  const { keys } = connection;
  const begin = async (kind: 'j' | 'l', operation: string) => {
    const partition = partitionOf(clientId);
    const scriptKeys = [keys.memberships(clientId), keys.unsettled(partition), keys.tails(partition)];
    await connection.script('membership-begin', scriptKeys, [channel, clientId, kind, operation]);
  };
  const apply = async (isMember: boolean) => {
    const meta = keys.meta({ kind: 'channel', id: channel });
    const partition = partitionOf(channel);
    const scriptKeys = [keys.members(channel), keys.directory(partition), meta, keys.tails(partition)];
    await connection.script('membership-apply', scriptKeys, [channel, clientId, isMember ? 1 : 0, '']);
  };
  return { begin, apply };
}

describe('joins and leaves that a crash interrupted', () => {
  let redis: PrivateRedis;
  let store: Store;
  let connection: RedisConnection;
  beforeAll(async () => {
    redis = await startRedis();
    const cluster = 'interrupted';
    store = await createRedisStore({ url: redis.url, cluster, state: { unsettledAfterMs: 0 } });
    const target = parseRedisUrl(redis.url);
    const times = { commandTimeoutMs: 2_000, connectTimeoutMs: 2_000 };
    connection = await openRedisConnection({ target, keys: createKeys(cluster), ...times });
  });
  afterAll(async () => {
    await Promise.all([store.close(0), connection.close(0)]);
    await redis.stop();
  });

  async function sides(channel: string) {
    return {
      believed: await store.channels.isMember(channel, 'alice'),
      listed: (await store.channels.members(channel, null)).clientIds,
      count: (await store.channels.list(null)).channels.find((found) => found.channel === channel)?.members ?? 0,
    };
  }
  const member = { believed: true, listed: ['alice'], count: 1 };
  const stranger = { believed: false, listed: [], count: 0 };

  test('a join that was only begun is finished by the sweeper', async () => {
    await crasher(connection, 'a', 'alice').begin('j', 'crashed');
    expect(await sides('a')).toEqual(stranger);
    await store.presence.sweep();
    expect(await sides('a')).toEqual(member);
  });

  test('a join whose channel side was written keeps its place', async () => {
    const { begin, apply } = crasher(connection, 'b', 'alice');
    const tail = await append(store, 'channel', 'b');
    await begin('j', 'crashed');
    await apply(true);
    await append(store, 'channel', 'b');
    expect(await store.channels.join('b', 'alice')).toEqual({ joined: true, position: tail });
    expect(await sides('b')).toEqual(member);
  });

  test('a leave that was only begun is finished, not undone', async () => {
    await store.channels.join('c', 'alice');
    await crasher(connection, 'c', 'alice').begin('l', 'crashed');
    await store.presence.sweep();
    expect(await sides('c')).toEqual(stranger);
  });

  test('a join after a leave that was only begun begins anew', async () => {
    await store.channels.join('anew', 'alice');
    await crasher(connection, 'anew', 'alice').begin('l', 'crashed');
    const tail = await append(store, 'channel', 'anew');
    expect(await store.channels.join('anew', 'alice')).toEqual({ joined: true, position: tail });
    expect(await sides('anew')).toEqual(member);
  });

  test('a pod sees that it is not confirmed, and finishes it', async () => {
    await crasher(connection, 'd', 'alice').begin('j', 'crashed');
    const { state } = await connect(store, 'alice');
    expect(state.memberships).toContainEqual(expect.objectContaining({ channel: 'd', isConfirmed: false }));
    await store.channels.settle('d', 'alice');
    expect(await sides('d')).toEqual(member);
    const { memberships } = await store.presence.refresh('alice');
    expect(memberships).toContainEqual(expect.objectContaining({ channel: 'd', isConfirmed: true }));
  });

  test('a member that resumes while its join hangs is served', async () => {
    await crasher(connection, 'e', 'alice').begin('j', 'crashed');
    expect(await store.channels.follow('e', 0, 'life', 'alice', null)).toMatchObject({ recovered: true });
    expect(await sides('e')).toEqual(member);
  });

  test('a process that slept through a leave and then wrote its join does no lasting damage', async () => {
    const { begin, apply } = crasher(connection, 'f', 'alice');
    await begin('j', 'sleeper');
    await store.channels.leave('f', 'alice');
    await apply(true);
    expect(await sides('f')).toEqual({ believed: false, listed: ['alice'], count: 1 });
    await store.presence.sweep();
    expect(await sides('f')).toEqual(stranger);
  });

  test('however the steps of many joins and leaves mix, both sides agree in the end', async () => {
    const late = (chance: number) => new Promise((resolve) => setTimeout(resolve, Math.random() * chance));
    const slow: RedisConnection = {
      ...connection,
      script: async (...call) => {
        await late(6);
        return connection.script(...call);
      },
    };
    const { channels } = createRedisChannelStore(slow, compileStateOptions());
    const names = Array.from({ length: 60 }, (_, i) => `mixed-${i}`);
    await Promise.all(
      names.flatMap((name) =>
        [0, 1, 2, 3].map(async (i) => {
          await late(6);
          await (i % 2 === 0 ? channels.join(name, 'alice') : channels.leave(name, 'alice'));
        }),
      ),
    );
    for (const name of names) {
      const { believed, listed, count } = await sides(name);
      expect([listed.length, count]).toEqual(believed ? [1, 1] : [0, 0]);
    }
  });

  test('what is settled is not looked at again', async () => {
    await store.presence.sweep();
    const left = await connection.command('ZCARD', connection.keys.unsettled(partitionOf('alice')));
    expect(left).toBe(0);
  });

  test('a member that an emptied store forgot is one at once, also while business joins it anew', async () => {
    await crasher(connection, 'forgotten', 'alice').begin('j', 'unfinished');
    const entry = { connection: 'c', shard: 2, incarnation: 'life', device: null, since: 17 };
    const known = { life: 'ffffffffffff', channels: ['forgotten'] };
    await store.presence.reassert('life', 2, [{ clientId: 'alice', entry, known }]);
    expect(await sides('forgotten')).toEqual(member);
    await store.presence.sweep();
    expect(await sides('forgotten')).toEqual(member);
  });
});
