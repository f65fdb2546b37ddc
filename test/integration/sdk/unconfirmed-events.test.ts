import { afterEach, expect, test } from '@jest/globals';
import { FlotillaError } from '@flotilla-im/protocol';
import type { PresenceEvent } from '@flotilla-im/sdk';
import { eventually } from '../../support/eventually.ts';
import { type Pods, startPods } from '../im-core/pods.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** The store takes no acknowledgement, as a Redis without room on its disk, once, when that is due. */
function refuseAck({ store: { events } }: Pods, isDue: () => boolean): void {
  const ack = events.ack.bind(events);
  let isRefused = false;
  events.ack = (lease, id) => {
    if (isRefused || !isDue()) return ack(lease, id);
    isRefused = true;
    return Promise.reject(new FlotillaError('store_unavailable', 'Redis takes no writes'));
  };
}

async function setup() {
  const pods = await startPods();
  closers.push(() => pods.close());
  const heard: PresenceEvent[] = [];
  refuseAck(pods, () => heard.at(-1)?.type === 'offline');
  const told = (): unknown[] => heard.map(({ type, attempt }) => [type, attempt]);
  const comesAndLeaves = async (): Promise<void> => {
    const { ws } = await pods.welcomed('anna');
    await eventually(() => expect(told()).toEqual([['online', 1]]));
    ws.close(1000);
  };
  return { pods, heard, told, comesAndLeaves };
}

const EXPECTED = [
  ['online', 1],
  ['offline', 1],
  ['offline', 2],
];

test('an event that was handled and could not be confirmed comes again, and says so to a handler', async () => {
  const { pods, heard, told, comesAndLeaves } = await setup();
  const listening = pods.im.presence.on((event) => void heard.push(event), { group: 'watchers' });
  closers.push(() => listening.close());
  await comesAndLeaves();
  await eventually(() => expect(told()).toEqual(EXPECTED));
});

test('and to an iteration', async () => {
  const { pods, heard, told, comesAndLeaves } = await setup();
  const stopping = new AbortController();
  const iterating = (async () => {
    for await (const event of pods.im.presence.events({ group: 'watchers', signal: stopping.signal }))
      heard.push(event);
  })();
  closers.push(() => {
    stopping.abort();
    return iterating;
  });
  await comesAndLeaves();
  await eventually(() => expect(told()).toEqual(EXPECTED));
});
