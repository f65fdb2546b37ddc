import { afterEach, describe, expect, it } from '@jest/globals';
import { createAdapter } from '@socket.io/redis-adapter';
import { Emitter } from '@socket.io/redis-emitter';
import { parseRedisUrl } from '@flotilla-im/store';
import { Redis } from 'ioredis';
import { createLogger } from '../../../services/im/src/logging/logger.ts';
import { socketIoKey } from '../../../services/im/src/pod/socketio-adapter.ts';
import { connectSocketIoRedis } from '../../../services/im/src/socketio/redis-clients.ts';
import { startRedisCluster } from '../redis-cluster-harness.ts';
import { startRedis } from '../redis-harness.ts';
import { type EdgeHarness, startEdge } from './edge-harness.ts';
import { eventually, nextEvent } from './eventually.ts';
import { createFakeCore } from './fake-core.ts';
import { CLUSTER } from './token-harness.ts';

const opened: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function startPod(url: string): Promise<EdgeHarness> {
  const clients = connectSocketIoRedis(parseRedisUrl(url), createLogger(CLUSTER, 0, 'silent'));
  opened.push(() => clients.close());
  const adapter = createAdapter(clients.publish, clients.subscribe, { key: socketIoKey(CLUSTER) });
  const core = createFakeCore();
  const edge = await startEdge(() => core, {}, adapter as never);
  opened.push(() => edge.close());
  return edge;
}

async function setup(user = '') {
  const redis = await startRedis();
  opened.push(() => redis.stop());
  // PSUBSCRIBE is allowed only for a pattern that the ACL names literally.
  const rights = [`&fl1:${CLUSTER}:*`, `&fl1:${CLUSTER}:socket.io#/#*`, '-@all', '+@connection', '+@pubsub', '+info'];
  await redis.command('ACL', 'SETUSER', 'limited', 'on', '>secret', 'resetchannels', ...rights);
  const url = redis.url.replace('redis://', `redis://${user}`);
  const [one, two] = [await startPod(url), await startPod(url)];
  // What is published before a pod has subscribed reaches nobody there.
  await eventually(async () => {
    const subscribed = String(await redis.command('CLIENT', 'LIST', 'TYPE', 'pubsub')).match(/ sub=3 psub=1 /gu);
    expect(subscribed).toHaveLength(2);
  });
  const join = async (edge: EdgeHarness, clientId: string) => {
    const client = edge.client({ auth: { token: await edge.token({ sub: clientId }) } });
    await nextEvent(client, 'connect');
    return client;
  };
  const alice = await join(one, 'alice');
  const bob = await join(two, 'bob');
  return { redis, one, two, alice, bob };
}

describe("what is Socket.IO's own", () => {
  it('works on a Redis Cluster too', async () => {
    const redis = await startRedisCluster();
    opened.push(() => redis.stop());
    const [one, two] = [await startPod(redis.url), await startPod(redis.url)];
    const bob = two.client({ auth: { token: await two.token({ sub: 'bob' }) } });
    await nextEvent(bob, 'connect');
    // A subscription on a cluster is under way for a moment after the pod has started.
    let heard = 0;
    bob.on('from-one', () => (heard += 1));
    await eventually(() => {
      one.io.to('bob').emit('from-one', 1);
      expect(heard).toBeGreaterThan(0);
    });
  });

  it('reaches a client by its clientId on whichever pod it is, from a redis-emitter', async () => {
    const { redis, alice, bob } = await setup();
    const client = new Redis(redis.url);
    opened.push(() => client.disconnect());
    const emitter = new Emitter(client, { key: socketIoKey(CLUSTER) });
    const heard = [nextEvent(alice, 'hello'), nextEvent(bob, 'hello')];
    emitter.to('alice').emit('hello', 'a');
    emitter.to('bob').emit('hello', 'b');
    await expect(Promise.all(heard)).resolves.toEqual([['a'], ['b']]);
    const all = [nextEvent(alice, 'all'), nextEvent(bob, 'all')];
    emitter.emit('all', 1);
    await expect(Promise.all(all)).resolves.toEqual([[1], [1]]);
  });

  it('works with the rights that the documentation asks for', async () => {
    const { one, bob } = await setup('limited:secret@');
    const heard = nextEvent(bob, 'from-one');
    one.io.to('bob').emit('from-one', 1);
    await expect(heard).resolves.toEqual([1]);
  });

  it('goes from pod to pod: rooms, broadcast, serverSideEmit', async () => {
    const { one, two, bob } = await setup();
    const heard = nextEvent(bob, 'from-one');
    one.io.to('bob').emit('from-one', 1);
    await expect(heard).resolves.toEqual([1]);
    const served = nextEvent(two.io, 'note');
    one.io.serverSideEmit('note', 'x');
    await expect(served).resolves.toEqual(['x']);
    expect((await one.io.fetchSockets()).map(({ rooms }) => [...rooms].length)).toEqual([2, 2]);
  });
});
