import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Socket } from 'socket.io-client';
import { eventually, nextEvent } from './eventually.ts';
import { startTestShard, type ShardHarness } from './shard-harness.ts';

interface Outcome {
  readonly ok: boolean;
  readonly code?: string;
  readonly retryAfterMs?: number;
}

let harness: ShardHarness;

beforeEach(async () => {
  harness = await startTestShard({
    limits: { heartbeatMs: 300, heartbeatTimeoutMs: 20_300, framesPerSecond: 2_000, frameBurst: 2_000 },
  });
});
afterEach(() => harness.close());

/** From now on the store takes nothing, until `end` is called. */
function stall(): { readonly end: () => void } {
  const { events } = harness.store;
  const append = events.append.bind(events);
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  events.append = async (...args) => {
    await ended;
    return append(...args);
  };
  return { end };
}

async function talker(): Promise<Socket> {
  const client = await harness.socketIo({
    auth: { token: await harness.token({ grants: { upstream: true } }) },
    transports: ['websocket'],
  });
  await nextEvent(client, 'connect');
  return client;
}

it('keeps the heartbeat of a Socket.IO client whose requests wait for the store, and answers busy beyond a bound', async () => {
  const client = await talker();
  const { end } = stall();
  const outcomes: Outcome[] = [];
  for (let n = 0; n < 300; n++) client.emit('upstream', n, (outcome: Outcome) => outcomes.push(outcome));
  await eventually(() => expect(outcomes).toHaveLength(300 - 256));
  expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set(['busy']));
  expect(outcomes[0]?.retryAfterMs).toBeGreaterThan(0);
  let pings = 0;
  client.io.engine.on('heartbeat', () => (pings += 1));
  await eventually(() => expect(pings).toBeGreaterThanOrEqual(4));
  expect(client.connected).toBe(true);
  end();
  await eventually(() => expect(outcomes).toHaveLength(300));
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(256);
});

it('tells a failure to a Socket.IO client that wants no acknowledgement', async () => {
  const client = await harness.socketIo({ transports: ['websocket'] });
  await nextEvent(client, 'connect');
  const error = nextEvent(client, 'error');
  client.emit('upstream', 1);
  expect(await error).toMatchObject([{ code: 'not_granted' }]);
});
