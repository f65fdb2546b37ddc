import { afterEach, expect, it } from '@jest/globals';
import { type EdgeHarness, startEdge } from '../im-edge/edge-harness.ts';
import { createFakeCore } from '../im-edge/fake-core.ts';
import { openRaw } from './raw-peer.ts';

let edge: EdgeHarness | null = null;

afterEach(async () => {
  await edge?.close();
  edge = null;
});

// Each of these is a new connection to the engine, whatever it looks like.
it.each(['', '&sid=', '&sid=x&sid=', '#&sid=x', '&s%69d='])(
  'an arrival of Socket.IO cannot pass by the gate with ?…%s',
  async (query) => {
    edge = await startEdge(() => createFakeCore(), { limits: { handshakesPerSecond: 1 } });
    const { port } = edge;
    const path = `/socket.io/?EIO=4&transport=websocket${query}`;
    const startedMs = performance.now();
    const peers = await Promise.all(Array.from({ length: 100 }, () => openRaw(port, { path })));
    const seconds = (performance.now() - startedMs) / 1_000;
    const statuses = peers.map(({ status }) => status);
    for (const { socket } of peers) socket.destroy();
    // One is served at once and one a second; ten are told at once when to come again, and four a second.
    expect(statuses.filter((status) => status === 101).length).toBeLessThanOrEqual(11 + 5 * seconds);
    expect(new Set(statuses)).toEqual(new Set([101, 503]));
  },
);
