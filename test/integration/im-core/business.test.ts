import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inTime } from '../../support/in-time.ts';
import { type Pods, startPods, until, untilAsync } from './pods.ts';

describe.each(['memory', 'redis'] as const)('what business does to open connections (%s)', (store) => {
  let pods: Pods;
  beforeEach(async () => {
    pods = await startPods({ count: 2, store });
  });
  afterEach(() => pods.close());

  it('disconnects all of a client, with its reason', async () => {
    const [v1, plain] = [await pods.welcomed('alice'), await pods.plain('alice')];
    await pods.im.send({ from: null, to: 'alice', data: 1 });
    await until(() => plain.texts.length === 1);
    expect(await pods.im.disconnect('alice', { reason: 'signed in elsewhere' })).toBe(2);
    expect(await v1.closed).toEqual({ code: 4500, reason: 'signed in elsewhere' });
    expect(await plain.closed).toEqual({ code: 4500, reason: 'signed in elsewhere' });
    await untilAsync(async () => (await pods.im.presence.online(['alice']))[0] === false);
  });

  it('disconnects one connection of a client', async () => {
    const [first, second] = [await pods.welcomed('alice'), await pods.welcomed('alice')];
    const connection = first.of('welcome')[0]?.connection;
    await pods.im.disconnect('alice', { connection });
    expect((await first.closed).code).toBe(4500);
    await pods.im.send({ from: null, to: 'alice', data: 1 });
    await until(() => second.data().length === 1);
  });

  it('closes older connections when a newer one replaces them, with 4501', async () => {
    const [first, second] = [await pods.welcomed('alice'), await pods.plain('alice')];
    await pods.served('alice', 2);
    await pods.welcomed('alice', { replace: true });
    expect((await first.closed).code).toBe(4501);
    expect((await second.closed).code).toBe(4501);
  });

  it('refuses tokens from before a disconnect, if told so', async () => {
    const alice = await pods.v1('alice');
    await pods.im.disconnect('alice', { refuseTokensBefore: true });
    await alice.say({ type: 'resume' });
    expect((await alice.closed).code).toBe(4503);
  });

  it('puts connected clients into channels and takes them out', async () => {
    const alice = await pods.welcomed('alice');
    await pods.im.channels.join('news', 'alice');
    await until(() => alice.of('joined').length === 1);
    await pods.im.channels.publish('news', { from: null, data: 1 });
    await until(() => alice.data('news').length === 1);
    await pods.im.channels.leave('news', 'alice');
    await until(() => alice.of('left').length === 1);
    await pods.im.channels.publish('news', { from: null, data: 2 });
    await pods.im.send({ from: null, to: 'alice', data: 'end' });
    await until(() => alice.data().length === 1);
    expect(alice.data('news')).toEqual([1]);
  });

  it('reaches every connection by broadcast, and those that come back with their position', async () => {
    const [alice, bob] = [await pods.welcomed('alice'), await pods.plain('bob')];
    await pods.im.send({ from: null, to: 'bob', data: 'hello' });
    await until(() => bob.texts.length === 1);
    await pods.im.broadcast({ from: null, data: 1 });
    await until(() => alice.data('$broadcast').length === 1 && bob.texts.length === 2);
    const channels = { $broadcast: alice.position('$broadcast') };
    alice.ws.terminate();
    await pods.im.broadcast({ from: null, data: 2 });
    const again = await pods.welcomed('alice', {}, { channels });
    await until(() => again.data('$broadcast').length === 1);
    expect(again.data('$broadcast')).toEqual([2]);
  });

  it('sees first and last connections, and no move of tabs between', async () => {
    const types: string[] = [];
    const listening = pods.im.presence.on((event) => void types.push(event.type));
    await listening.ready;
    const [first, second] = [await pods.welcomed('alice'), await pods.welcomed('alice')];
    first.ws.close();
    await first.closed;
    await new Promise((resolve) => setTimeout(resolve, 400));
    second.ws.close();
    await until(() => types.includes('offline'));
    expect(types).toEqual(['online', 'offline']);
    await listening.close();
  });

  it('keeps a client online through the grace when its connection was lost', async () => {
    const reconnectGraceMs = 2_000;
    await pods.close();
    pods = await startPods({ count: 2, store, limits: { reconnectGraceMs } });
    const types: string[] = [];
    const listening = pods.im.presence.on((event) => void types.push(event.type), { perConnection: true });
    await listening.ready;
    await inTime(reconnectGraceMs, async () => {
      types.length = 0;
      const alice = await pods.welcomed('alice');
      alice.ws.terminate();
      await until(() => types.includes('disconnected'));
      expect(await pods.im.presence.online(['alice'])).toEqual([true]);
    });
    await untilAsync(async () => (await pods.im.presence.online(['alice']))[0] === false);
    await listening.close();
  });
});
