import { expect, it } from '@jest/globals';
import { append, connectClient, inbox, listenAs } from '../../conformance/given.ts';
import { eventually } from '../../support/eventually.ts';
import { startTcpProxy } from '../tcp-proxy.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();

it('connections that went dead without a word are given up for new ones, for calls and for subscriptions', async () => {
  const redis = await fixture.redis();
  const proxy = await startTcpProxy(redis.port);
  fixture.later(() => proxy.close());
  const store = await fixture.store(`redis://127.0.0.1:${proxy.port}`, { commandTimeoutMs: 3_000 });
  const heard = await listenAs(store, 0);
  await eventually(() => expect(heard.connects()).toBe(1));
  expect(proxy.accepted()).toBe(2);
  proxy.silence();
  await expect(append(store, inbox('alice'))).rejects.toMatchObject({ code: 'store_unavailable' });
  await eventually(() => connectClient(store, 'alice', 0));
  await eventually(() => expect([heard.disconnects(), heard.connects()]).toEqual([1, 2]));
  expect(proxy.accepted()).toBe(4);
  await append(store, inbox('alice'));
  await eventually(() => expect(heard.items()).toHaveLength(1));
});
