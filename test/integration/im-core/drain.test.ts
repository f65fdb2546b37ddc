import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withToken } from '@flotilla-im/protocol';
import { type Pods, startPods, until, untilAsync } from './pods.ts';
import { V1Peer } from './v1-peer.ts';

describe.each(['memory', 'redis'] as const)('a drain (%s)', (store) => {
  let pods: Pods;
  const start = async (limits: { drainMs?: number } = {}): Promise<void> => {
    pods = await startPods({ count: 2, store, limits: { reconnectGraceMs: 10_000, ...limits } });
    await pods.publish({ owner: 0 });
  };
  beforeEach(() => start());
  afterEach(() => pods.close());

  it('moves flotilla.v1 clients, flushes and closes plain ones with 1012, and ends', async () => {
    const [v1, plain] = [await pods.welcomed('alice'), await pods.plain('bob')];
    await pods.served('bob');
    const draining = pods.pods[0]!.drain();
    await pods.publish({ owner: 1, away: [0] });
    await until(() => v1.of('moved').length === 1);
    expect((await plain.closed).code).toBe(1012);
    const { url, token } = v1.of('moved')[0]!;
    const next = new V1Peer(withToken(url, token));
    await next.say({ type: 'resume' });
    await until(() => next.of('welcome').length === 1);
    await pods.im.send({ from: null, to: 'alice', data: 1 });
    await until(() => next.data().length === 1);
    v1.ws.close(1000);
    await draining;
    expect((await pods.store.leases.list()).map(({ shard }) => shard)).toEqual([1]);
    next.ws.terminate();
  });

  it('sends clients elsewhere although the map still names it', async () => {
    const plain = await pods.plain('bob');
    await pods.served('bob');
    const draining = pods.pods[0]!.drain();
    expect((await plain.closed).code).toBe(1012);
    await draining;
  });

  it('refuses whoever comes, in the manner of the protocol', async () => {
    // A client that was told to move and stays keeps the drain going until both have come.
    await pods.close();
    await start({ drainMs: 20_000 });
    const staying = await pods.welcomed('alice');
    const [plainUrl, v1Url] = [await pods.address('bob'), await pods.address('carol')];
    const draining = pods.pods[0]!.drain();
    const { PlainPeer } = await import('./plain-peer.ts');
    const [plain, v1] = [new PlainPeer(plainUrl), new V1Peer(v1Url)];
    const { code, reason } = await plain.closed;
    expect([code, reason.startsWith('draining')]).toEqual([1012, true]);
    expect((await v1.closed).code).toBe(1012);
    expect(v1.of('bye')).toMatchObject([{ code: 1012, reason: 'draining' }]);
    staying.ws.close(1000);
    await draining;
  });

  it('keeps clients online while they change', async () => {
    const plain = await pods.plain('bob');
    await pods.served('bob');
    const types: string[] = [];
    const listening = pods.im.presence.on((event) => void types.push(event.type));
    await listening.ready;
    const draining = pods.pods[0]!.drain();
    await plain.closed;
    await pods.publish({ owner: 1, away: [0] });
    await pods.plain('bob');
    await draining;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(types).toEqual([]);
    await listening.close();
  });

  it('ends at once when no other pod is left, after closing everybody', async () => {
    await pods.close();
    await start({ drainMs: 40_000 });
    await pods.pods[1]!.drain();
    const alice = await pods.welcomed('alice');
    const startedAtMs = performance.now();
    await pods.pods[0]!.drain();
    expect((await alice.closed).code).toBe(1012);
    expect(performance.now() - startedAtMs).toBeLessThan(30_000);
    await untilAsync(async () => (await pods.store.leases.list()).length === 0);
  });
});
