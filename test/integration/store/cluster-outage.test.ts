import { expect, it } from '@jest/globals';
import { append, connectClient, inbox, listenAs } from '../../conformance/given.ts';
import { eventually } from '../../support/eventually.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();

it('a cluster that lost a master fails soon where that one was, and mends when it is back', async () => {
  const cluster = await fixture.cluster();
  const store = await fixture.store(cluster.url, { commandTimeoutMs: 4_000 });
  const clients = Array.from({ length: 30 }, (_, i) => `client-${i}`);
  const send = () => Promise.allSettled(clients.map((clientId) => append(store, inbox(clientId))));
  expect((await send()).every(({ status }) => status === 'fulfilled')).toBe(true);
  const heard = await listenAs(store, 0);
  await cluster.masters[1]?.kill();
  const results = await send();
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  expect(reasons.length).toBeGreaterThan(0);
  for (const reason of reasons) expect(reason).toMatchObject({ code: 'store_unavailable' });
  expect(store.health().isHealthy).toBe(false);
  await cluster.masters[1]?.start();
  await eventually(() => expect(store.health().isHealthy).toBe(true));
  await eventually(async () => expect((await send()).every(({ status }) => status === 'fulfilled')).toBe(true));
  // Whichever node the subscription led to, it stands again.
  await eventually(() => connectClient(store, 'client-7', 0));
  await eventually(async () => {
    await append(store, inbox('client-7'));
    expect(heard.items().length).toBeGreaterThan(0);
  });
});
