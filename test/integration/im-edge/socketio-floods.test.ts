import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type EdgeHarness, startEdge } from './edge-harness.ts';
import { eventually } from './eventually.ts';
import { createFakeCore } from './fake-core.ts';

let edge: EdgeHarness | null = null;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await edge?.close();
  edge = null;
});

const TEXT = 0x81;
const PING = 0x89;

/** A frame as a client writes it, with a mask that changes nothing. */
function frame(first: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** Somebody without a token who writes without end and reads nothing. */
async function setup(one: Buffer) {
  const started = await startEdge(() => createFakeCore());
  edge = started;
  const socket = connect(started.port, '127.0.0.1');
  sockets.push(socket);
  let isOver = false;
  socket.on('error', () => (isOver = true));
  socket.on('close', () => (isOver = true));
  socket.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  const block = Buffer.concat(Array.from({ length: 200 }, () => one));
  let blocks = 0;
  const write = (): void => {
    // As much as a flood is here; what is beyond it would only take the machine's memory.
    if (isOver || ++blocks > 1_000) return;
    socket.write(block, () => setImmediate(write));
  };
  write();
  return { edge: started, isOver: () => isOver };
}

describe('somebody without a token who reads nothing', () => {
  it.each([
    ['pings', frame(PING, Buffer.alloc(125, 65))],
    ['CONNECTs to namespaces that do not exist', frame(TEXT, Buffer.from(`40/${'x'.repeat(100)},`))],
  ])('is dropped for a flood of %s', async (_what, one) => {
    const { edge: started, isOver } = await setup(one);
    await eventually(() => expect(started.io.engine.clientsCount).toBe(0));
    await eventually(() => expect(isOver()).toBe(true));
  });
});
