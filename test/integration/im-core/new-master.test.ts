import { afterEach, expect, it } from '@jest/globals';
import { type Pods, startPods, until, untilAsync } from './pods.ts';

let pods: Pods;
afterEach(() => pods.close());

it('a new master that lacks what a pod wrote gets it again, although no connection broke and no message told', async () => {
  pods = await startPods({ store: 'redis', settings: { 'enable-debug-command': 'yes' } });
  const alice = await pods.welcomed('alice');
  await pods.served('alice');
  const redis = pods.redis!;
  await redis.command('EVAL', "redis.call('DEL', unpack(redis.call('KEYS', '*:p:alice')))", '0');
  expect(await pods.im.presence.connections('alice')).toEqual([]);
  await redis.command('DEBUG', 'CHANGE-REPL-ID');
  await untilAsync(async () => (await pods.im.presence.connections('alice')).length === 1);
  await pods.im.send({ from: null, to: 'alice', data: 1 });
  await until(() => alice.data().length === 1);
});
