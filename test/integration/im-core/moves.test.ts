import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withToken } from '@flotilla-im/protocol';
import { type Pods, startPods, until, untilAsync } from './pods.ts';
import { V1Peer } from './v1-peer.ts';

describe.each(['memory', 'redis'] as const)('moves (%s)', (store) => {
  let pods: Pods;
  beforeEach(async () => {
    pods = await startPods({ count: 2, store });
  });
  afterEach(() => pods.close());

  async function follow(old: V1Peer): Promise<V1Peer> {
    const moved = old.of('moved').at(-1);
    const next = new V1Peer(withToken(moved?.url ?? '', moved?.token ?? ''));
    const inbox = old.position();
    await next.say({ type: 'resume', ...(inbox === undefined ? {} : { inbox }) });
    await until(() => next.of('welcome').length === 1);
    return next;
  }

  it('tell a client to come to the new owner, where it goes on without a gap', async () => {
    await pods.publish({ owner: 0 });
    const old = await pods.welcomed('alice', { grants: { send: true }, metadata: { a: 1 } });
    await pods.im.send({ from: null, to: 'alice', data: 1 });
    await until(() => old.data().length === 1);
    await pods.publish({ owner: 1 });
    await until(() => old.of('moved').length === 1);
    await pods.im.send({ from: null, to: 'alice', data: 2 });
    const next = await follow(old);
    await pods.im.send({ from: null, to: 'alice', data: 3 });
    // Both deliver until the old one closes.
    await until(() => next.data().length >= 1 && next.data().at(-1) === 3 && old.data().at(-1) === 3);
    expect(next.of('welcome')[0]).toMatchObject({ shard: 1, epoch: 3 });
    expect(old.data()).toEqual([1, 2, 3]);
    old.ws.close(1000);
    await old.closed;
    await next.say({ type: 'send', id: '1', to: 'alice', data: 4 });
    await until(() => next.data().at(-1) === 4);
    next.ws.terminate();
  });

  it('are no event', async () => {
    const types: string[] = [];
    const listening = pods.im.presence.on((event) => void types.push(event.type), { perConnection: true });
    await listening.ready;
    await pods.publish({ owner: 0 });
    const old = await pods.welcomed('alice');
    await pods.publish({ owner: 1 });
    await until(() => old.of('moved').length === 1);
    const next = await follow(old);
    old.ws.close(1000);
    await old.closed;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(types).toEqual(['online', 'connected']);
    next.ws.terminate();
    await listening.close();
  });

  it('leave a plain WebSocket where it is, and it misses nothing', async () => {
    await pods.publish({ owner: 0 });
    const alice = await pods.plain('alice');
    await pods.served('alice');
    await pods.publish({ owner: 1 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await pods.im.send({ from: null, to: 'alice', data: 1 });
    await until(() => alice.texts.length === 1);
  });

  it('tell a guest at once', async () => {
    await pods.publish({ owner: 0 });
    const url = await pods.address('alice');
    await pods.publish({ owner: 1 });
    await untilAsync(() => Promise.resolve(true));
    const guest = new V1Peer(url);
    await guest.say({ type: 'resume' });
    await until(() => guest.of('moved').length === 1);
    expect(guest.of('moved')[0]?.url).toBe(`${pods.pods[1]?.url ?? ''}/ws`);
    guest.ws.terminate();
  });
});
