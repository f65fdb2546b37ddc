import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Pods, startPods, until, untilAsync } from './pods.ts';

describe.each(['memory', 'redis'] as const)('when a pod dies (%s)', (store) => {
  let pods: Pods;
  const start = async (limits: { reconnectGraceMs?: number } = {}): Promise<void> => {
    pods = await startPods({ count: 2, store, limits: { leaseMs: 1_000, leaseHeartbeatMs: 100, ...limits } });
    await pods.publish({ owner: 0 });
  };
  afterEach(() => pods.close());

  it('its clients go offline once, after lease and grace', async () => {
    await start();
    await pods.welcomed('alice');
    const types: string[] = [];
    const listening = pods.im.presence.on((event) => void types.push(event.type));
    await listening.ready;
    await pods.pods[0]!.kill();
    await until(() => types.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(types).toEqual(['offline']);
    expect(await pods.im.presence.online(['alice'])).toEqual([false]);
    await listening.close();
  });

  it('a client that comes back to another pod within the grace stays online and misses nothing', async () => {
    await start({ reconnectGraceMs: 3_000 });
    const alice = await pods.welcomed('alice');
    await pods.im.send({ from: null, to: 'alice', data: 1 });
    await until(() => alice.data().length === 1);
    const types: string[] = [];
    const listening = pods.im.presence.on((event) => void types.push(event.type));
    await listening.ready;
    await pods.pods[0]!.kill();
    await pods.im.send({ from: null, to: 'alice', data: 2 });
    await pods.publish({ owner: 1, away: [0] });
    const again = await pods.welcomed('alice', {}, { inbox: alice.position() });
    await until(() => again.data().length === 1);
    expect(again.data()).toEqual([2]);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(types).toEqual([]);
    await listening.close();
  });
});

describe('a pod whose lease was taken away', () => {
  let pods: Pods;
  beforeEach(async () => {
    pods = await startPods({ count: 1, store: 'redis' });
  });
  afterEach(() => pods.close());

  it('registers anew and takes its connections along', async () => {
    await pods.im.channels.join('news', 'alice');
    const alice = await pods.welcomed('alice');
    const [lease] = await pods.store.leases.list();
    await pods.store.presence.reap(lease!.incarnation);
    await pods.store.leases.release(lease!.incarnation);
    await untilAsync(async () => (await pods.store.presence.connections('alice'))[0]?.incarnation !== undefined);
    const [again] = await pods.store.leases.list();
    expect(again?.incarnation).not.toBe(lease?.incarnation);
    await pods.im.send({ from: null, to: 'alice', data: 1 });
    await pods.im.channels.publish('news', { from: null, data: 2 });
    await until(() => alice.data().length === 1 && alice.data('news').length === 1);
    expect(alice.ws.readyState).toBe(1);
  });
});
