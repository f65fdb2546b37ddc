import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import type { Behaviour, Link } from '../../chaos/proxy/link.ts';
import { type Proxy, startProxy } from '../../chaos/proxy/start-proxy.ts';
import { eventually, nextEvent } from './eventually.ts';
import { type ShardHarness, startTestShard } from './shard-harness.ts';

/** What the shard says in the handshake: `pingInterval` and `pingTimeout`. */
const INTERVAL_MS = 1_000;
const TIMEOUT_MS = 2_000;
/** A silence that ends well before a ping's time is over. */
const BRIEF_MS = 300;
/** How often something is sent to the client. */
const SEND_EVERY_MS = 100;

type Transport = 'polling' | 'websocket';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** What an unmodified client lived to see. */
interface Life {
  readonly socket: Socket;
  readonly got: number[];
  readonly ends: { readonly reason: string; readonly atMs: number }[];
  readonly engineIds: (string | undefined)[];
}

async function setup(transport: Transport) {
  const limits = { heartbeatMs: INTERVAL_MS, heartbeatTimeoutMs: INTERVAL_MS + TIMEOUT_MS, reconnectGraceMs: 60_000 };
  const shard = await startTestShard({ limits });
  closers.push(() => shard.close());
  const proxy: Proxy = startProxy();
  closers.push(() => proxy.close());
  const link = await proxy.link('client', { port: shard.shard.port });
  const life = listen(shard, link, transport);
  closers.push(() => life.socket.disconnect());
  await nextEvent(life.socket, 'welcome');
  return { shard, link, ...life };
}

function listen(shard: ShardHarness, { port }: Link, transport: Transport): Life {
  const socket = io(`http://127.0.0.1:${port}`, {
    forceNew: true,
    transports: [transport],
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
    timeout: 1_000,
    auth: (take) => void shard.token().then((token) => take({ token })),
  });
  const life: Life = { socket, got: [], ends: [], engineIds: [] };
  socket.on('message', (n: number) => life.got.push(n));
  socket.on('welcome', () => life.engineIds.push(socket.io.engine.id));
  socket.on('disconnect', (reason) => life.ends.push({ reason, atMs: performance.now() }));
  return life;
}

/** Sends 0, 1, 2, … until it is stopped; that tells how many. */
function startTraffic({ flotilla }: ShardHarness, everyMs: number): () => Promise<number> {
  const stopping = new AbortController();
  const sending = (async () => {
    for (let n = 0; ; n += 1) {
      if (stopping.signal.aborted) return n;
      await flotilla.send({ from: null, to: 'alice', data: n });
      await wait(everyMs);
    }
  })();
  const stop = (): Promise<number> => {
    stopping.abort();
    return sending;
  };
  closers.push(stop);
  return stop;
}

function upTo(count: number): number[] {
  return [...Array(count).keys()];
}

const TO_SERVER: Behaviour = { type: 'half-open', silent: 'to-server' };
const TO_CLIENT: Behaviour = { type: 'half-open', silent: 'to-client' };
const PASS: Behaviour = { type: 'pass' };

/** A ping has just been answered: the next one is due in `INTERVAL_MS`. */
async function hasAnswered(socket: Socket): Promise<void> {
  await nextEvent(socket.io.engine, 'ping');
  // What the shard acknowledges came after the pong.
  await socket.emitWithAck('ack', {});
}

async function untilGivenUp(shard: ShardHarness): Promise<void> {
  await eventually(async () => expect(await shard.metric('connections{protocol="socketio"}')).toMatch(/ 0$/u));
}

describe.each<Transport>(['websocket', 'polling'])('a Socket.IO client over %s', (transport) => {
  it.each([
    ['pong', TO_SERVER],
    ['ping', TO_CLIENT],
  ] as const)('stays when a %s is held back for less than its time', async (_, behaviour) => {
    const { shard, link, socket, got, ends, engineIds } = await setup(transport);
    const stop = startTraffic(shard, SEND_EVERY_MS);
    await hasAnswered(socket);
    await link.behave(behaviour);
    await wait(INTERVAL_MS + BRIEF_MS);
    await link.behave(PASS);
    for (let pings = 0; pings < 2; pings += 1) await nextEvent(socket.io.engine, 'ping');
    const sent = await stop();
    await eventually(() => expect(got).toEqual(upTo(sent)));
    expect({ ends, connections: engineIds.length }).toEqual({ ends: [], connections: 1 });
  });

  it.each([
    ['nothing is', null],
    ['messages are', SEND_EVERY_MS],
  ] as const)('whose pong never comes is given up in its time while %s written to it', async (_, everyMs) => {
    const { shard, link, socket, got, ends, engineIds } = await setup(transport);
    const stop = everyMs === null ? () => Promise.resolve(0) : startTraffic(shard, everyMs);
    await hasAnswered(socket);
    await link.behave(TO_SERVER);
    const silentMs = performance.now();
    await untilGivenUp(shard);
    const servedMs = performance.now() - silentMs;
    expect(servedMs).toBeGreaterThan(TIMEOUT_MS);
    // Some time more, for a machine that is busy; it must not be as long as anything is written.
    expect(servedMs).toBeLessThan(INTERVAL_MS + 2 * TIMEOUT_MS);
    await eventually(() => expect(ends).toHaveLength(1));
    // Whoever polls is told nothing: his next request is held back.
    expect(ends[0]?.reason).toBe(transport === 'websocket' ? 'transport close' : 'ping timeout');
    await link.behave(PASS);
    await eventually(() => expect(engineIds).toHaveLength(2));
    const sent = await stop();
    await eventually(() => expect([...new Set(got)]).toEqual(upTo(sent)));
  });

  it('that hears no ping in its time ends by itself, and comes back with nothing lost', async () => {
    const { shard, link, socket, got, ends, engineIds } = await setup(transport);
    const stop = startTraffic(shard, SEND_EVERY_MS);
    await nextEvent(socket.io.engine, 'ping');
    const pingedMs = performance.now();
    await link.behave(TO_CLIENT);
    await eventually(() => expect(ends).toHaveLength(1));
    expect(ends[0]?.reason).toBe('ping timeout');
    expect((ends[0]?.atMs ?? 0) - pingedMs).toBeGreaterThan(INTERVAL_MS + TIMEOUT_MS - 100);
    await untilGivenUp(shard);
    await link.behave(PASS);
    await eventually(() => expect(engineIds).toHaveLength(2));
    const sent = await stop();
    await eventually(() => expect([...new Set(got)]).toEqual(upTo(sent)));
  });
});
