import { afterEach, expect, it } from '@jest/globals';
import type { LogEntry } from '@flotilla-im/store';
import { MessageFrame } from '../../../services/im/src/delivery/message-frame.ts';
import { type EdgeHarness, startEdge } from './edge-harness.ts';
import { eventually, nextEvent } from './eventually.ts';
import { createFakeCore } from './fake-core.ts';

let edge: EdgeHarness | null = null;

afterEach(async () => {
  await edge?.close();
  edge = null;
});

const BYTES = 64 * 1024;

async function setup(transport: 'polling' | 'websocket') {
  const core = createFakeCore();
  edge = await startEdge(() => core);
  const client = edge.client({ auth: { token: await edge.token() }, transports: [transport] });
  await nextEvent(client, 'connect');
  const session = core.sessions[0]!;
  const data = JSON.stringify('x'.repeat(BYTES));
  const entry: LogEntry = {
    messageId: 'm',
    from: null,
    format: 'json',
    data,
    excludeSender: false,
    generation: '0123456789ab',
    offset: 1,
    at: 1,
    head: '"id":"m","from":null',
  };
  const frame = new MessageFrame({ kind: 'inbox', id: 'alice' }, entry, false);
  const run = { frames: [frame], v1: () => Buffer.alloc(0), plain: () => Buffer.alloc(0) };
  const write = (count: number) => {
    for (let i = 0; i < count; i += 1) {
      session.transport.deliver(run);
      session.transport.flush();
    }
  };
  return { client, session, write };
}

it('what a reader over WebSocket does not take shows as backlog, and its end is told', async () => {
  const { client, session, write } = await setup('websocket');
  const socket = (client.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws
    ._socket;
  socket.pause();
  let got = 0;
  client.on('message', () => (got += 1));
  write(400);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(session.transport.backlogBytes()).toBeGreaterThan(BYTES * 50);
  const drains = session.drains;
  socket.resume();
  await eventually(() => expect(session.transport.backlogBytes()).toBe(0));
  expect(session.drains).toBeGreaterThan(drains);
  await eventually(() => expect(got).toBe(400));
});

it('what waits for the next poll shows as backlog, and its end is told', async () => {
  const { client, session, write } = await setup('polling');
  let got = 0;
  client.on('message', () => (got += 1));
  write(20);
  expect(session.transport.backlogBytes()).toBeGreaterThan(BYTES * 10);
  await eventually(() => expect(got).toBe(20));
  await eventually(() => expect(session.transport.backlogBytes()).toBe(0));
  expect(session.drains).toBeGreaterThan(0);
});
