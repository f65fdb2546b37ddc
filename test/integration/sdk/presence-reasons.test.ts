import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PresenceEvent } from '@flotilla-im/sdk';
import { eventually } from '../../support/eventually.ts';
import { type Pods, startPods } from '../im-core/pods.ts';
import type { V1Peer } from '../im-core/v1-peer.ts';

let pods: Pods;
let listening: { close(): Promise<void> };
const events: PresenceEvent[] = [];
beforeAll(async () => {
  pods = await startPods({ count: 2 });
  const started = pods.im.presence.on((event) => void events.push(event), { perConnection: true });
  await started.ready;
  listening = started;
});
afterAll(async () => {
  await listening.close();
  await pods.close();
});

/** The types and reasons of what was told of a client. */
const told = (clientId: string): unknown[] =>
  events.flatMap((event) => (event.clientId === clientId && 'reason' in event ? [[event.type, event.reason]] : []));

test.each<[string, string, (peer: V1Peer, clientId: string) => unknown]>([
  ['its goodbye', 'closed by the client', ({ ws }) => ws.close(1000)],
  ['a loss', 'connection lost', ({ ws }) => ws.terminate()],
  ['a disconnect', 'disconnected', (_, clientId) => pods.im.disconnect(clientId)],
  ['a disconnect that says why', 'no more seats', (_, id) => pods.im.disconnect(id, { reason: 'no more seats' })],
  ['a breach of the protocol', 'bad_frame', (peer) => peer.say({ type: 'resume' })],
])('%s is told as the reason of both ends, and arrivals have none', async (what, reason, end) => {
  const clientId = `client of ${what}`;
  await end(await pods.welcomed(clientId), clientId);
  await eventually(() =>
    expect(told(clientId)).toEqual([
      ['online', null],
      ['connected', null],
      ['disconnected', reason],
      ['offline', reason],
    ]),
  );
});

test('a connection that a newer one replaces is told so, and the client stays online', async () => {
  await pods.welcomed('replaced');
  await pods.welcomed('replaced', { replace: true });
  await eventually(() => expect(told('replaced')).toContainEqual(['disconnected', 'replaced']));
  expect(told('replaced')).not.toContainEqual(['offline', expect.anything()]);
});

test('a shard that dies is told as the reason by those that are left', async () => {
  const clientIds = Array.from({ length: 8 }, (_, i) => `survivor ${i}`);
  const shards = await Promise.all(clientIds.map(async (id) => (await pods.im.connectInfo(id)).shard));
  const [lost = ''] = clientIds.filter((_, i) => shards[i] === 0);
  await pods.welcomed(lost);
  await pods.pods[0]?.kill();
  await eventually(() =>
    expect(told(lost).slice(2)).toEqual([
      ['disconnected', 'shard lost'],
      ['offline', 'shard lost'],
    ]),
  );
});
