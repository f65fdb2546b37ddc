import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Pods, startPods, until, untilAsync } from './pods.ts';

describe('when Redis is in trouble', () => {
  let pods: Pods;
  beforeEach(async () => {
    pods = await startPods({ store: 'redis', appendonly: true });
  });
  afterEach(() => pods.close());

  it('a restart with persistence loses, doubles and reorders nothing, and closes nobody', async () => {
    const [v1, plain] = [await pods.welcomed('alice'), await pods.plain('alice')];
    await pods.served('alice', 2);
    for (const data of [1, 2]) await pods.im.send({ from: null, to: 'alice', data });
    await until(() => v1.data().length === 2);
    await pods.redis!.restart();
    for (const data of [3, 4, 5]) await pods.im.send({ from: null, to: 'alice', data });
    await until(() => v1.data().length === 5 && plain.texts.length === 5);
    expect(v1.data()).toEqual([1, 2, 3, 4, 5]);
    expect(v1.of('gap')).toEqual([]);
    expect(plain.texts).toEqual(['1', '2', '3', '4', '5']);
  });

  it('channels go on as well', async () => {
    await pods.im.channels.join('news', 'alice');
    const alice = await pods.welcomed('alice');
    await pods.im.channels.publish('news', { from: null, data: 1 });
    await pods.redis!.restart();
    await pods.im.channels.publish('news', { from: null, data: 2 });
    await until(() => alice.data('news').length === 2);
    expect(alice.data('news')).toEqual([1, 2]);
  });

  it('a store that was emptied makes connected clients hear of a gap, and go on', async () => {
    await pods.im.channels.join('news', 'alice');
    const alice = await pods.welcomed('alice');
    await pods.im.send({ from: null, to: 'alice', data: 1 });
    await pods.im.send({ from: null, to: 'alice', data: 2 });
    await until(() => alice.data().length === 2);
    await pods.redis!.command('FLUSHALL');
    await pods.publish();
    // Presence comes back by itself, without the client noticing.
    await untilAsync(async () => (await pods.im.presence.online(['alice']))[0] === true);
    await pods.im.send({ from: null, to: 'alice', data: 3 });
    await until(() => alice.data().includes(3));
    expect(alice.data()).toEqual([1, 2, 3]);
    expect(alice.of('gap').length).toBeGreaterThan(0);
  });

  it('sockets stay open while it is away', async () => {
    const [v1, plain] = [await pods.welcomed('alice'), await pods.plain('alice')];
    await pods.served('alice', 2);
    await pods.redis!.kill();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect([v1.ws.readyState, plain.ws.readyState]).toEqual([1, 1]);
    await pods.redis!.start();
    await pods.im.send({ from: null, to: 'alice', data: 1 });
    await until(() => v1.data().length === 1 && plain.texts.length === 1);
  });
});
