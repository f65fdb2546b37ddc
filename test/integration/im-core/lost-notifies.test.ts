import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fastestMs } from '../../support/fastest.ts';
import { type Pods, startPods, until, untilAsync } from './pods.ts';

/** The connections of pods to Redis that hear publishes. */
async function subscribers(pods: Pods): Promise<string[]> {
  const list = String(await pods.redis!.command('CLIENT', 'LIST', 'TYPE', 'pubsub'));
  return list.split('\n').flatMap((line) => /^id=(\d+)/.exec(line)?.[1] ?? []);
}

describe('when notifies are lost', () => {
  let pods: Pods;
  beforeEach(async () => {
    pods = await startPods({ store: 'redis' });
  });
  afterEach(() => pods.close());

  it('the last one is noticed within about a second', async () => {
    const alice = await pods.welcomed('alice');
    await pods.im.channels.join('news', 'alice');
    await until(() => alice.of('joined').length === 1);
    // A sender whose notify never came: the log and the tail say so, the pod was not told.
    const send = async (data: number): Promise<void> => {
      const publish = pods.store.notify.publishMany.bind(pods.store.notify);
      pods.store.notify.publishMany = () => Promise.resolve();
      await pods.im.send({ from: null, to: ['alice', 'bob'], data });
      await pods.im.channels.publish('news', { from: null, data });
      pods.store.notify.publishMany = publish;
    };
    let sent = 0;
    const tookMs = await fastestMs(async () => {
      await send((sent += 1));
      await until(() => alice.data().length === sent && alice.data('news').length === sent);
    });
    expect(tookMs).toBeLessThan(2_000);
  });

  it('because the subscription was cut, nothing is missed', async () => {
    const alice = await pods.welcomed('alice');
    await pods.im.send({ from: null, to: 'alice', data: 1 });
    await until(() => alice.data().length === 1);
    for (let data = 2; data < 50; data++) {
      if (data % 10 === 0)
        for (const id of await subscribers(pods)) await pods.redis!.command('CLIENT', 'KILL', 'ID', id);
      await pods.im.send({ from: null, to: 'alice', data });
    }
    await until(() => alice.data().length === 49);
    expect(alice.data()).toEqual(Array.from({ length: 49 }, (_, i) => i + 1));
  });

  it('the pod is not ready while nothing comes through, and is again when it does', async () => {
    const ready = async (): Promise<number> =>
      (await fetch(`http://127.0.0.1:${pods.pods[0]?.port ?? 0}/readyz`)).status;
    let unnoticedMs = Number.POSITIVE_INFINITY;
    // The best of three: what a busy machine does to one of them says nothing.
    for (let i = 0; i < 3; i++) {
      await untilAsync(async () => (await ready()) === 200);
      pods.redis!.pause();
      const startedAtMs = performance.now();
      await untilAsync(async () => (await ready()) === 503);
      unnoticedMs = Math.min(unnoticedMs, performance.now() - startedAtMs);
      pods.redis!.resume();
    }
    expect(unnoticedMs).toBeLessThan(2_000);
    await untilAsync(async () => (await ready()) === 200);
  });
});
