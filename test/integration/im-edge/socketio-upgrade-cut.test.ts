import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { eventually, nextEvent } from './eventually.ts';
import { type ShardHarness, startTestShard } from './shard-harness.ts';

const INTERVAL_MS = 2_000;
const TIMEOUT_MS = 2_000;

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function setup() {
  const limits = { heartbeatMs: INTERVAL_MS, heartbeatTimeoutMs: INTERVAL_MS + TIMEOUT_MS, reconnectGraceMs: 60_000 };
  const shard = await startTestShard({ limits });
  closers.push(() => shard.close());
  const socket = io(`http://127.0.0.1:${shard.shard.port}`, {
    forceNew: true,
    reconnectionDelay: 50,
    auth: (take) => void shard.token().then((token) => take({ token })),
  });
  closers.push(() => socket.disconnect());
  return { shard, socket };
}

async function untilServed(shard: ShardHarness, count: number): Promise<void> {
  const metric = 'connections{protocol="socketio"}';
  await eventually(async () => expect(await shard.metric(metric)).toMatch(new RegExp(` ${count}$`, 'u')));
}

/** Unmodified clients poll no more once they began to change to a WebSocket, and do not begin again when that ends (6.6). */
it('a client whose WebSocket ends while it changes to it is given up in its time, and comes back with nothing lost', async () => {
  const { shard, socket } = await setup();
  const got: unknown[] = [];
  socket.on('message', (data: unknown) => got.push(data));
  const { engine } = socket.io;
  const [transport] = await nextEvent(engine, 'upgrading');
  (transport as { ws: { terminate(): void } }).ws.terminate();
  const closed = nextEvent(engine, 'close');
  // It counts from the handshake, or from the only ping that a poll under way may bring. The same process waits for both: what
  // holds it up holds up both.
  const isOver = sleep(3 * INTERVAL_MS + TIMEOUT_MS, ['not given up'], { ref: false });
  for (const n of [1, 2, 3]) await shard.flotilla.send({ from: null, to: 'alice', data: n });
  expect(await Promise.race([closed, isOver])).toEqual(['ping timeout', undefined]);
  await eventually(() => expect([...new Set(got)]).toEqual([1, 2, 3]));
  await untilServed(shard, 1);
});
