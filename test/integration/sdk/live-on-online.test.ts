import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PresenceEvent } from '@flotilla-im/sdk';
import { eventually } from '../../support/eventually.ts';
import { type Pods, startPods } from '../im-core/pods.ts';

let pods: Pods;
let greeting: { close(): Promise<void> };
/** A channel of this client alone, so that its shard has yet to follow it. */
const hallOf = (clientId: string): string => `of ${clientId}`;
const joinHalls = async (clientIds: readonly string[]): Promise<void> => {
  await Promise.all(clientIds.map((clientId) => pods.im.channels.join(hallOf(clientId), clientId)));
};
/** Whose greeting was sent. */
const greeted = new Set<string>();
beforeAll(async () => {
  pods = await startPods({ count: 2, store: 'redis' });
  const greet = async ({ type, clientId }: PresenceEvent): Promise<void> => {
    if (type !== 'online') return;
    await pods.im.send({ from: null, to: clientId, data: 'hello', live: true });
    if (clientId.startsWith('listener'))
      await pods.im.channels.publish(hallOf(clientId), { from: null, data: 'hello' });
    greeted.add(clientId);
  };
  const listening = pods.im.presence.on(greet, { group: 'greeters', concurrency: 64 });
  await listening.ready;
  greeting = listening;
});
afterAll(async () => {
  await greeting.close();
  await pods.close();
});

interface Arrivals {
  readonly name: string;
  /** How many arrive at once. */
  readonly count?: number;
  readonly prepare?: (clientIds: readonly string[]) => Promise<void>;
}

/** How often each of some clients that arrive at once has heard its greeting by the time it hears what was sent later. */
async function greetings({ name, count = 200, prepare }: Arrivals): Promise<number[]> {
  const clientIds = Array.from({ length: count }, (_, i) => `${name}-${i}`);
  await prepare?.(clientIds);
  const peers = await Promise.all(clientIds.map((clientId) => pods.welcomed(clientId)));
  await eventually(() => expect(clientIds.every((clientId) => greeted.has(clientId))).toBe(true));
  await pods.im.send({ from: null, to: clientIds, data: 'later' });
  // A count: what a failing check would print of so many peers keeps the shards, which are of this process, from working.
  await eventually(() => expect(peers.filter((peer) => peer.data().at(-1) !== 'later').length).toBe(0));
  return peers.map((peer) => peer.of('live').length);
}

const once = (count: number): number[] => new Array<number>(count).fill(1);

describe('a live message that answers the event `online`', () => {
  test('reaches a client that is new', async () => {
    expect(await greetings({ name: 'new' })).toEqual(once(200));
  });

  test('reaches a client whose channel its shard has yet to follow', async () => {
    expect(await greetings({ name: 'member', prepare: joinHalls })).toEqual(once(200));
  });

  test('reaches a client for which more waits than one read brings', async () => {
    const prepare = async (clientIds: readonly string[]): Promise<void> => {
      const data = 'x'.repeat(60_000);
      for (let n = 0; n < 24; n += 1) await pods.im.send({ from: null, to: clientIds, data });
    };
    expect(await greetings({ name: 'behind', count: 20, prepare })).toEqual(once(20));
  });
});

test('a durable message to a channel that answers the event `online` reaches the member that came', async () => {
  const clientIds = Array.from({ length: 200 }, (_, i) => `listener-${i}`);
  await joinHalls(clientIds);
  const peers = await Promise.all(clientIds.map((clientId) => pods.welcomed(clientId)));
  const heard = (): number[] => peers.map((peer, i) => peer.data(hallOf(clientIds[i] ?? '')).length);
  await eventually(() => expect(heard().filter((count) => count !== 1).length).toBe(0));
});
